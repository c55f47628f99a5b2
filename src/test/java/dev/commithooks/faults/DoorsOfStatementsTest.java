package dev.commithooks.faults;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.faults.Told.owners;
import static dev.commithooks.faults.Told.store;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.JournalEntry;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.Product;
import dev.commithooks.fixture.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A statement is a transaction of its own through whatever door it comes: batches, and each way to execute and fetch. */
@Database
class DoorsOfStatementsTest extends OneStatement {

    DoorsOfStatementsTest(TestDatabase database) {
        super(database);
    }

    @Test
    void batchOfRecordsIsOneTransaction() {
        DSLContext dsl = dsl();
        dsl.batchInsert(account(dsl, "ann"), account(dsl, "bob")).execute();
        told.doing((event, ctx) -> {
            if (event.equals("before INSERT dora")) {
                throw new IllegalStateException("veto");
            }
        });

        assertThatThrownBy(() -> dsl.batchInsert(account(dsl, "cleo"), account(dsl, "dora"))
                        .execute())
                .hasMessage("veto");

        assertThat(owners(database)).containsExactly("ann", "bob");
        assertThat(database.journal())
                .extracting(JournalEntry::txid)
                .containsOnly(database.journal().get(0).txid());
        assertThat(told.events())
                .containsExactly(
                        "before INSERT ann",
                        "before INSERT bob",
                        "after INSERT ann",
                        "after INSERT bob",
                        "before INSERT cleo",
                        "before INSERT dora",
                        "failed INSERT cleo BEFORE_HOOK",
                        "failed INSERT dora BEFORE_HOOK");
    }

    @Test
    void refusedBatchWritesNothing() {
        DSLContext dsl = dsl();

        assertThatThrownBy(
                        () -> dsl.batchInsert(account(dsl, "bob"), tooPoor(dsl)).execute())
                .isInstanceOf(DataAccessException.class);

        assertThat(written()).isEmpty();
        assertThat(told.events())
                .containsExactly("failed INSERT bob NOTHING_WRITTEN", "failed INSERT ann NOTHING_WRITTEN");
    }

    @Test
    void staticBatchIsOneTransactionToo() {
        DSLContext dsl = dsl();
        AccountRecord ann = store(dsl.configuration(), "ann");
        ann.setOwner("anna");
        AccountRecord gone = account(dsl, "gone");
        gone.setId(4711L);
        gone.changed(ACCOUNT.ID, false);
        DSLContext inlined = DSL.using(dsl.configuration()
                .derive(dsl.settings().withStatementType(org.jooq.conf.StatementType.STATIC_STATEMENT)));

        ann.attach(inlined.configuration());
        gone.attach(inlined.configuration());
        inlined.batchUpdate(ann, gone).execute();

        assertThat(owners(database)).containsExactly("anna");
        assertThat(told.events())
                .containsExactly(
                        "before INSERT ann",
                        "after INSERT ann",
                        "before UPDATE anna",
                        "failed UPDATE gone NOTHING_WRITTEN",
                        "after UPDATE anna");
    }

    @Test
    @Needs(Ability.CAPTURED_STATEMENTS)
    void batchOfBindValuesIsOneTransaction() {
        DSLContext dsl = dsl();

        int[] counts = dsl.batch(DSL.insertInto(ACCOUNT, ACCOUNT.OWNER).values((String) null))
                .bind("ann")
                .bind("bob")
                .execute();

        assertThat(counts).containsExactly(1, 1);
        assertThat(owners(database)).containsExactly("ann", "bob");
        assertThat(told.events())
                .containsExactly("before INSERT ann", "before INSERT bob", "after INSERT ann", "after INSERT bob");
    }

    /** The ways in which a statement is executed and its rows are fetched. */
    enum Door {
        EXECUTE {
            @Override
            void insert(DSLContext dsl) {
                assertThat(dsl.insertInto(ACCOUNT).set(ACCOUNT.OWNER, "ann").execute())
                        .isEqualTo(1);
            }
        },
        EXECUTE_ASYNC {
            @Override
            void insert(DSLContext dsl) {
                assertThat(dsl.insertInto(ACCOUNT)
                                .set(ACCOUNT.OWNER, "ann")
                                .executeAsync(Runnable::run)
                                .toCompletableFuture()
                                .join())
                        .isEqualTo(1);
            }
        },
        FETCH_ONE {
            @Override
            void insert(DSLContext dsl) {
                assertThat(returning(dsl).fetchOne(ACCOUNT.ID)).isEqualTo(1L);
            }
        },
        FETCH_LAZY {
            @Override
            void insert(DSLContext dsl) {
                try (var cursor = returning(dsl).fetchLazy()) {
                    assertThat(cursor.fetchNext()).isNotNull();
                }
            }
        },
        FETCH_STREAM {
            @Override
            void insert(DSLContext dsl) {
                try (var stream = returning(dsl).fetchStream()) {
                    assertThat(stream.findFirst()).isPresent();
                }
            }
        },
        EXECUTE_RETURNING {
            @Override
            void insert(DSLContext dsl) {
                assertThat(returning(dsl).execute()).isEqualTo(1);
            }
        },
        TEXT {
            @Override
            void insert(DSLContext dsl) {
                assertThat(dsl.execute("insert into account (owner) values (?)", "ann"))
                        .isEqualTo(1);
            }
        },
        TEXT_RETURNING {
            @Override
            void insert(DSLContext dsl) {
                assertThat(dsl.fetchValue("insert into account (owner) values ('ann') returning owner"))
                        .isEqualTo("ann");
            }
        },
        TEXT_LAZY {
            @Override
            void insert(DSLContext dsl) {
                try (var cursor = dsl.fetchLazy("insert into account (owner) values ('ann') returning owner")) {
                    assertThat(cursor.fetchNext()).isNotNull();
                }
            }
        },
        KEPT {
            @Override
            void insert(DSLContext dsl) {
                try (var kept =
                        dsl.insertInto(ACCOUNT).set(ACCOUNT.OWNER, "ann").keepStatement(true)) {
                    assertThat(kept.execute()).isEqualTo(1);
                }
            }
        },
        EXECUTE_INSERT {
            @Override
            void insert(DSLContext dsl) {
                dsl.executeInsert(account(dsl, "ann"));
            }
        };

        abstract void insert(DSLContext dsl);

        /** Rows are captured through each on PostgreSQL, and elsewhere where docs/DATABASES.md says so. */
        void assumeThatItExistsIn(TestDatabase database) {
            boolean isText = this == TEXT_RETURNING || this == TEXT_LAZY;
            boolean returns = this == FETCH_ONE
                    || this == FETCH_LAZY
                    || this == FETCH_STREAM
                    || this == EXECUTE_RETURNING
                    || database.product() == Product.MARIADB;
            if (isText ? database.product() != Product.MARIADB : !returns || database.product() == Product.MYSQL) {
                database.assumeThatItHas(isText ? Ability.CAPTURED_STATEMENTS : Ability.CAPTURED_INSERTS);
            }
        }

        private static org.jooq.InsertResultStep<AccountRecord> returning(DSLContext dsl) {
            return dsl.insertInto(ACCOUNT).set(ACCOUNT.OWNER, "ann").returning();
        }
    }

    @ParameterizedTest
    @EnumSource
    void statementIsOneTransactionThroughEachDoor(Door door) {
        door.assumeThatItExistsIn(database);
        HookJournal journal = new HookJournal();
        DSLContext dsl = writing(journal, (ctx, owner) -> {
            assertThat(ctx.dsl().fetchCount(ACCOUNT)).isEqualTo(1);
            author(ctx.dsl(), owner);
        });

        door.insert(dsl);

        assertThat(written()).containsExactly("account INSERT", "author INSERT");
        assertThat(database.journal())
                .extracting(JournalEntry::txid)
                .containsOnly(database.journal().get(0).txid());
        assertThat(journal.events())
                .containsExactly("before insert account[1]", "after insert account[1]", "after insert author[1]");
    }

    @ParameterizedTest
    @EnumSource
    void vetoRollsBackThroughEachDoor(Door door) {
        door.assumeThatItExistsIn(database);
        HookJournal journal = new HookJournal();
        DSLContext dsl = writing(journal, (ctx, owner) -> {
            throw new IllegalStateException("veto");
        });

        assertThatThrownBy(() -> door.insert(dsl)).hasStackTraceContaining("veto");

        assertThat(written()).isEmpty();
        assertThat(journal.events())
                .containsExactly("before insert account[1]", "failed BEFORE_HOOK insert account[1]");
    }

    @Test
    @Needs({Ability.TRANSACTION_IDS, Ability.CAPTURED_INSERTS})
    void statementThatIsKeptIsATransactionEachTime() throws SQLException {
        try (Connection connection = database.simpleDataSource().getConnection()) {
            DSLContext dsl = told.attachTo(database.dsl(connection));
            try (var kept = dsl.insertInto(ACCOUNT).set(ACCOUNT.OWNER, "ann").keepStatement(true)) {
                kept.execute();
                kept.execute();
            }
            assertThat(connection.getAutoCommit()).isTrue();
        }
        assertThat(database.journal())
                .extracting(JournalEntry::txid)
                .doesNotHaveDuplicates()
                .hasSize(2);
        assertThat(told.events())
                .containsExactly("before INSERT ann", "after INSERT ann", "before INSERT ann", "after INSERT ann");
    }
}
