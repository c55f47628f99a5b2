package dev.commithooks.databases;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.TransactionSession;
import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Product;
import dev.commithooks.policy.OldRows;
import dev.commithooks.transaction.IsolationLevel;
import java.util.ArrayList;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;

/** A situation of which the page on databases says what hooks are told in it, or what the user gets; each can be run on any of them. */
enum Promise {
    COMMIT("a transaction commits", run -> {
        run.transaction(dsl -> {});
        return run.told();
    }),
    THROWN("its lambda throws", run -> {
        run.transactionThatFails(dsl -> {});
        return run.told();
    }),
    NESTED("a nested one throws, and the outer one commits", run -> {
        run.dsl().transaction(tx -> {
            run.store(tx.dsl(), 2);
            assertThatThrownBy(() -> tx.dsl().transaction(nested -> {
                        run.store(nested.dsl(), 1);
                        throw new IllegalStateException("no");
                    }))
                    .hasMessage("no");
        });
        assertThat(run.told(2)).isEqualTo("after");
        return run.told();
    }),
    SAVEPOINTS("SAVEPOINT and ROLLBACK TO SAVEPOINT are executed as SQL", run -> {
        run.dsl().transaction(tx -> {
            tx.dsl().execute("savepoint mine");
            run.store(tx.dsl(), 1);
            tx.dsl().execute("rollback to savepoint mine");
            run.store(tx.dsl(), 2);
        });
        assertThat(run.told(2)).isEqualTo("after");
        return run.told();
    }),
    SESSION("a session commits, and rolls back what comes next", run -> {
        try (TransactionSession session = run.hooks().open(run.dsl())) {
            run.store(session.dsl(), 1);
            session.commit();
            run.store(session.dsl(), 2);
            session.rollback();
        }
        assertThat(run.told(2)).isEqualTo("failed");
        return run.told();
    }),
    VETO("a before hook throws", run -> {
        DSLContext refusing = run.refusing();
        assertThatThrownBy(() -> refusing.transaction(tx -> run.store(tx.dsl(), 1)))
                .hasMessage("refused");
        return run.told();
    }),
    VETO_OUTSIDE("a before hook throws, outside transactions", run -> {
        DSLContext refusing = run.refusing();
        assertThatThrownBy(() -> run.store(refusing, 1)).hasStackTraceContaining("refused");
        return run.told();
    }),
    SWALLOWED("a duplicate key's error is swallowed", run -> {
        run.transaction(
                dsl -> assertThatThrownBy(() -> run.author(dsl, 1).insert()).isInstanceOf(DataAccessException.class));
        return run.told();
    }),
    SWALLOWED_ROLLBACK("an error that rolled everything back, such as a deadlock, is swallowed", run -> {
        if (run.product() == Product.SQLITE) {
            run.transaction(dsl -> assertThatThrownBy(
                            () -> dsl.execute("insert or rollback into author (id, name) values (1, 'Twin')"))
                    .isInstanceOf(DataAccessException.class));
            return run.told();
        }
        if (run.product() == Product.POSTGRESQL) {
            run.transaction(
                    dsl -> assertThatThrownBy(() -> dsl.fetch("select 1 / 0")).isInstanceOf(DataAccessException.class));
            return run.told();
        }
        Deadlock.assertLoserIsTold(run.shop());
        return "failed";
    }),
    RETRIED("a deadlock, or a busy database, with retry(..)", run -> {
        if (run.product() == Product.SQLITE) {
            run.retryWhatIsBusy();
        } else if (run.product().isMySql()) {
            run.retryAfterTheErrorOfADeadlock();
        } else {
            Deadlock.assertLoserIsTriedAgain(run.shop());
        }
        return "tried again";
    }),
    DDL("DDL is executed, then the lambda throws", run -> {
        try {
            run.transactionThatFails(dsl -> dsl.execute("create table promised (id int)"));
        } finally {
            run.shop().execute("drop table if exists promised");
        }
        return run.told();
    }),
    ENDED("a COMMIT is executed as SQL, then the lambda throws", run -> {
        run.transactionThatFails(dsl -> dsl.execute("commit"));
        return run.told();
    }),
    HALF_A_BATCH("a batch of records fails half way, and that is swallowed", run -> {
        run.transaction(dsl -> assertThatThrownBy(
                        () -> dsl.batchInsert(run.author(dsl, 2), run.author(dsl, 1), run.author(dsl, 3))
                                .execute())
                .isInstanceOf(DataAccessException.class));
        run.assertTheRestIsTrue();
        return run.told();
    }),
    REFUSED("COMMIT is refused by a deferred constraint", run -> {
        if (!run.product().can(Ability.DEFERRED_CONSTRAINTS)) {
            return "–";
        }
        run.transaction(run::breakDeferredConstraint);
        return run.told();
    }),
    LOST_ANSWER("the answer to COMMIT is lost", run -> {
        return run.product().can(Ability.NETWORK) ? LostAnswer.told(run, false) : "–";
    }),
    RESOLVED("the same, with an outcomeResolver(..)", run -> {
        return run.product().can(Ability.NETWORK) ? LostAnswer.told(run, true) : "–";
    }),
    MERGED("a record's merge() inserts", run -> {
        Throwable failure = catchThrowable(() ->
                run.dsl().transaction(tx -> run.author(tx.dsl(), 1).merge()));
        return failure == null ? run.toldOrReported() : run.notUnderstood(failure);
    }),
    NO_TRANSACTIONS("a table without transactions is written", run -> {
        return run.product().isMySql() ? run.writeMyIsam() : "–";
    }),
    ISOLATION("isolation(..)", run -> run.accepts(run.transactions().isolation(IsolationLevel.SERIALIZABLE))),
    READ_ONLY("readOnly()", run -> run.accepts(run.transactions().readOnly())),
    DEFERRABLE(
            "deferrable()",
            run -> run.accepts(run.transactions()
                    .isolation(IsolationLevel.SERIALIZABLE)
                    .readOnly()
                    .deferrable())),
    OLD_ROWS("oldRows(FROM_DATABASE) of a record that knows its key alone", run -> {
        run.store(run.shop().plain(), 1);
        List<String> old = new ArrayList<>();
        DSLContext dsl = run.attached(hooks -> hooks.oldRows(OldRows.FROM_DATABASE)
                .on(
                        AUTHOR,
                        on -> on.afterCommitUpdate(
                                (author, ctx) -> old.add(author.oldRow().getName()))));
        dsl.transaction(tx -> {
            AuthorRecord blind = tx.dsl().newRecord(AUTHOR);
            blind.setId(1L);
            blind.setName("another");
            blind.changed(AUTHOR.ID, false);
            blind.update();
        });
        assertThat(old).containsExactly("author 1");
        return "read";
    }),
    KEYS("the database gives the key", run -> {
        List<Object> keys = new ArrayList<>();
        run.dsl().transaction(tx -> {
            AuthorRecord author = tx.dsl().newRecord(AUTHOR);
            author.setName("author 1");
            author.store();
            keys.add(author.getId());
        });
        assertThat(keys).doesNotContainNull();
        return run.told((Long) keys.get(0)) + ", with it";
    });

    private final String situation;
    private final Scenario scenario;

    Promise(String situation, Scenario scenario) {
        this.situation = situation;
        this.scenario = scenario;
    }

    /** The situation, acted out. */
    interface Scenario {
        String run(PromiseRun run) throws Exception;
    }

    /** What the page calls it. */
    String situation() {
        return situation;
    }

    /** Acts it out; the answer is a word that the page has. */
    String observed(PromiseRun run) throws Exception {
        return scenario.run(run);
    }
}
