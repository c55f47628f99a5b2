package dev.commithooks.jta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.change.Change;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.hook.HookContext;
import io.agroal.api.AgroalDataSource;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.junit.jupiter.api.AfterEach;

/** One database in JTA's transactions, and hooks on it that note and may do more. What they were told is what it holds, in each test. */
@Database
@NeedsRealCommits("XA connections")
abstract class OneDatabase {

    /** What a hook does besides noting. */
    interface Deed {
        void on(String phase, HookContext ctx) throws Exception;
    }

    final TestDatabase database;
    volatile Deed deed = (phase, ctx) -> {};

    final HookJournal told = new HookJournal() {
        @Override
        protected void before(Change<Record> change, HookContext ctx) throws Exception {
            super.before(change, ctx);
            deed.on("before", ctx);
        }

        @Override
        protected void after(Change<Record> change, HookContext ctx) throws Exception {
            super.after(change, ctx);
            deed.on("after", ctx);
        }

        @Override
        protected void failed(Change<Record> change, HookContext ctx) throws Exception {
            super.failed(change, ctx);
            deed.on("failed", ctx);
        }
    };

    final JtaWorld world = new JtaWorld(told);
    final AgroalDataSource pool;
    final DSLContext dsl;

    OneDatabase(TestDatabase database, int connections) {
        this.database = database;
        this.pool = world.pool(database, connections);
        this.dsl = world.dsl("shop", pool);
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        world.manager.setTransactionTimeout(0);
        try {
            world.assertNothingIsLeft();
        } finally {
            world.close();
        }
        assertThat(toldOf("after"))
                .as("what was told is what is there")
                .containsExactlyInAnyOrderElementsOf(JtaWorld.committed(database));
    }

    /** What was told in these phases, without their names. */
    final List<String> toldOf(String... phases) {
        return told.events().stream()
                .filter(event -> List.of(phases).stream().anyMatch(event::startsWith))
                .map(event -> event.replaceFirst("^(before|after|in doubt|failed \\w+) ", ""))
                .toList();
    }
}
