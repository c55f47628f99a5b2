package dev.commithooks.jta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.fixture.ActingJournal;
import dev.commithooks.fixture.ActingJournal.Deed;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import io.agroal.api.AgroalDataSource;
import java.util.List;
import org.jooq.DSLContext;
import org.junit.jupiter.api.AfterEach;

/** One database in JTA's transactions, and hooks on it that note and may do more. What they were told is what it holds, in each test. */
@Database
@NeedsRealCommits("XA connections")
abstract class OneDatabase {

    final TestDatabase database;
    volatile Deed deed = (phase, ctx) -> {};
    final ActingJournal told = new ActingJournal();
    final JtaWorld world = new JtaWorld(told);
    final AgroalDataSource pool;
    final DSLContext dsl;

    OneDatabase(TestDatabase database, int connections) {
        told.act((phase, ctx) -> deed.on(phase, ctx));
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
