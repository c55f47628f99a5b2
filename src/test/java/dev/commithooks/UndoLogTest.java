package dev.commithooks;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Nothing is remembered of a transaction that has ended, however it ended. */
@Database
class UndoLogTest {

    private final DSLContext dsl;

    UndoLogTest(TestDatabase database) {
        dsl = CommitHooks.builder().build().attachTo(DSL.using(database.pool(1), SQLDialect.POSTGRES));
    }

    @AfterEach
    void nothingIsRemembered() {
        assertThat(UndoLog.remembered()).isZero();
    }

    @Test
    void afterACommitWithSavepoints() {
        dsl.transaction(tx -> {
            store(tx);
            assertThatThrownBy(() -> tx.dsl().transaction(nested -> {
                        store(nested);
                        throw new IllegalStateException("undo");
                    }))
                    .hasMessage("undo");
            tx.dsl().transaction(UndoLogTest::store);
            assertThat(UndoLog.remembered()).isEqualTo(1);
        });
    }

    @Test
    void afterARollback() {
        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    store(tx);
                    throw new IllegalStateException("undo");
                }))
                .hasMessage("undo");
    }

    @Test
    void afterACommitThatWasRefused() {
        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    store(tx);
                    CommitHooks.current(tx).beforeCommit(() -> {
                        throw new IllegalStateException("veto");
                    });
                }))
                .hasMessage("veto");
    }

    private static void store(Configuration tx) {
        AuthorRecord author = new AuthorRecord();
        author.setName("Ann");
        Transactions.with(tx).records(author).run(nested -> author.store());
        assertThat(author.get(AUTHOR.ID)).isNotNull();
    }
}
