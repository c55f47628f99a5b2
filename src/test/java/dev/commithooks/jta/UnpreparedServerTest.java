package dev.commithooks.jta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.OnNarayana;
import dev.commithooks.fixture.OwnServer;
import dev.commithooks.fixture.TestDatabase;
import jakarta.transaction.RollbackException;
import java.util.List;
import java.util.Map;
import org.jooq.DSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A PostgreSQL with {@code max_prepared_transactions = 0}, its default: alone it is as good as any, with others it is refused. */
@Database
@NeedsRealCommits("XA connections")
class UnpreparedServerTest {

    private static OwnServer server;
    private static TestDatabase unprepared;

    private final TestDatabase database;
    private final HookJournal told = new HookJournal();
    private final JtaWorld world = new JtaWorld(told);
    private final DSLContext orders;
    private final DSLContext stock;

    UnpreparedServerTest(TestDatabase database) {
        this.database = database;
        this.orders = world.dsl("orders", world.pool(database, 1));
        this.stock = world.dsl("stock", world.pool(unprepared, 1));
    }

    @BeforeAll
    static void launch() {
        server = OwnServer.launch(Map.of("max_prepared_transactions", "0"));
        unprepared = server.createDatabase();
    }

    @AfterAll
    static void stop() {
        unprepared.close();
        server.close();
    }

    @BeforeEach
    void empty() {
        unprepared.reset();
    }

    @AfterEach
    void nothingIsLeft() {
        world.assertNothingIsLeft();
        world.close();
    }

    @Test
    void itIsRefusedAsTheSecondOne() {
        assertThatThrownBy(() -> world.inTransaction(() -> {
                    JtaWorld.store(orders, "ann");
                    JtaWorld.store(stock, "box");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("'stock'")
                .hasMessageContaining("Nothing was sent")
                .hasMessageContaining("max_prepared_transactions = 0");

        assertThat(told.events()).containsExactly("failed WORK insert account[1]");
        assertThat(JtaWorld.owners(database)).isEmpty();
        assertThat(JtaWorld.owners(unprepared)).isEmpty();
    }

    @Test
    void whenItWasTheFirstOneASecondOneIsRefused() {
        assertThatThrownBy(() -> world.inTransaction(() -> {
                    JtaWorld.store(stock, "box");
                    JtaWorld.store(orders, "ann");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("'stock'")
                .hasMessageContaining("max_prepared_transactions = 0");

        assertThat(told.events()).containsExactly("failed WORK insert account[1]");
        assertThat(JtaWorld.owners(database)).isEmpty();
        assertThat(JtaWorld.owners(unprepared)).isEmpty();
    }

    @Test
    void whoeverSwallowsTheRefusalGetsARollbackAtTheEnd() {
        assertThatThrownBy(() -> world.inTransaction(() -> {
                    JtaWorld.store(orders, "ann");
                    assertThat(catchThrowable(() -> JtaWorld.store(stock, "box")))
                            .isInstanceOf(IllegalStateException.class);
                }))
                .isInstanceOf(RollbackException.class)
                .hasMessageContaining("IS rolled back")
                .hasMessageContaining("max_prepared_transactions = 0");

        assertThat(told.events()).containsExactly("before insert account[1]", "failed COMMIT insert account[1]");
        assertThat(JtaWorld.owners(database)).isEmpty();
    }

    @Test
    @OnNarayana
    void aloneItCommitsInOnePhaseAndBesideOneThatIsNotXaItIsRefused() throws Exception {
        DSLContext local = world.dsl("local", world.localPool(database));
        DSLContext alsoLocal = world.dsl("stock", world.localPool(unprepared));

        world.inTransaction(() -> JtaWorld.store(stock, "box"));
        world.inTransaction(() -> {
            JtaWorld.store(orders, "ann");
            JtaWorld.store(alsoLocal, "tape");
        });
        assertThatThrownBy(() -> world.inTransaction(() -> {
                    JtaWorld.store(local, "bob");
                    JtaWorld.store(stock, "lid");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("'stock'");

        assertThat(JtaWorld.owners(unprepared)).isEqualTo(List.of("box", "tape"));
        assertThat(JtaWorld.owners(database)).isEqualTo(List.of("ann"));
    }
}
