package dev.commithooks.spring.boot;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;

import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.transaction.Outcome;

/** A situation that an application gets into, the same with hooks and with {@code @TransactionalEventListener}. */
enum Situation {
    COMMITTED("the transaction commits") {
        @Override
        void happen(ListeningApplication.Shop shop) {
            shop.transactional(() -> shop.open("ann"));
        }
    },
    WORK_THROWS("the method throws") {
        @Override
        void happen(ListeningApplication.Shop shop) {
            shop.transactional(() -> {
                shop.open("ann");
                throw new IllegalArgumentException("changed her mind");
            });
        }
    },
    SAVEPOINT("a nested transaction is rolled back, the outer one commits") {
        @Override
        void happen(ListeningApplication.Shop shop) {
            shop.transactional(() -> {
                shop.open("ann");
                try {
                    shop.nested(() -> {
                        shop.open("bob");
                        throw new IllegalArgumentException("changed his mind");
                    });
                } catch (IllegalArgumentException swallowed) {
                    // only the savepoint is rolled back
                }
            });
        }
    },
    ABORTED("an SQL error is swallowed; the server answers COMMIT with ROLLBACK") {
        @Override
        void happen(ListeningApplication.Shop shop) {
            shop.transactional(() -> {
                shop.open("ann");
                shop.swallow("select 1/0");
            });
        }
    },
    REFUSED("COMMIT is refused by a deferred constraint") {
        @Override
        void happen(ListeningApplication.Shop shop) {
            shop.transactional(() -> {
                shop.open("ann");
                shop.reviewNoBook();
            });
        }
    },
    NO_ANSWER("the connection is lost at COMMIT") {
        @Override
        void happen(ListeningApplication.Shop shop) {
            shop.loseTheAnswer(Outcome.ROLLED_BACK);
            shop.transactional(() -> shop.open("ann"));
        }
    },
    CALLEE_THROWS("what is called after COMMIT throws") {
        @Override
        void happen(ListeningApplication.Shop shop) {
            shop.afterwards(owner -> {
                throw new IllegalStateException("no mail server");
            });
            shop.transactional(() -> shop.open("ann"));
        }
    },
    CALLEE_WRITES("what is called after COMMIT writes, in a REQUIRED transaction") {
        @Override
        void happen(ListeningApplication.Shop shop) {
            shop.afterwards(owner -> {
                if (!owner.equals("her mail")) {
                    shop.transactional(() -> shop.open("her mail"));
                }
            });
            shop.transactional(() -> shop.open("ann"));
        }
    },
    POOL_OF_ONE("what is called after COMMIT writes, in a REQUIRES_NEW transaction, with a pool of one") {
        @Override
        void happen(ListeningApplication.Shop shop) {
            shop.afterwards(owner -> {
                if (!owner.equals("her mail")) {
                    shop.requiresNew(() -> shop.open("her mail"));
                }
            });
            shop.transactional(() -> shop.open("ann"));
        }
    },
    NOT_PUBLISHED("a row is written where nobody publishes an event") {
        @Override
        void happen(ListeningApplication.Shop shop) {
            shop.transactional(() ->
                    shop.dsl().insertInto(ACCOUNT).set(ACCOUNT.OWNER, "ann").execute());
        }
    },
    NO_TRANSACTION("a row is written outside of a transaction") {
        @Override
        void happen(ListeningApplication.Shop shop) {
            shop.open("ann");
        }
    },
    UPDATED_TWICE("a row is updated twice") {
        @Override
        void happen(ListeningApplication.Shop shop) {
            AccountRecord account = shop.open("ann");
            shop.forget();
            shop.transactional(() -> {
                shop.rename(account, "anna");
                shop.rename(account, "anne");
            });
        }
    };

    private final String words;

    Situation(String words) {
        this.words = words;
    }

    /** The first cell of its row in the documentation. */
    String words() {
        return words;
    }

    abstract void happen(ListeningApplication.Shop shop);
}
