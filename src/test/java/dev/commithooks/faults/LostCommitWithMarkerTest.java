package dev.commithooks.faults;

import static dev.commithooks.bookshop.shop.Tables.STOCK;
import static dev.commithooks.faults.Told.owners;
import static dev.commithooks.faults.Told.store;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TcpProxy;
import dev.commithooks.fixture.TcpProxy.Fault;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.resolver.MarkerOutcomeResolver;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The connection breaks around COMMIT, and the marker that was committed with the transaction, or not, tells how it ended. */
@Database
@Needs(Ability.NETWORK)
@NeedsRealCommits("its proxy knows PostgreSQL's COMMIT")
class LostCommitWithMarkerTest {

    private final TestDatabase database;
    private final Told told = new Told();

    LostCommitWithMarkerTest(TestDatabase database) {
        this.database = database;
    }

    @BeforeEach
    void createTables() {
        SuitableResolver.createMarkerTables(database);
    }

    @Test
    void lostAnswerWasACommit() {
        try (TcpProxy proxy = TcpProxy.before(database)) {
            DSLContext dsl = resolved(database.dsl(proxy.dataSource()));
            proxy.onNextCommit(Fault.CUT_BEFORE_ANSWER);

            Long id = dsl.transactionResult(tx -> store(tx, "ann").getId());

            assertThat(id).isEqualTo(1L);
            assertThat(told.events()).containsExactly("before INSERT ann", "after INSERT ann");
            assertThat(owners(database)).containsExactly("ann");
        }
    }

    @Test
    void lostCommitDidNotHappen() {
        try (TcpProxy proxy = TcpProxy.before(database)) {
            DSLContext dsl = resolved(database.dsl(proxy.dataSource()));
            proxy.onNextCommit(Fault.CUT_BEFORE_ARRIVAL);

            assertThatThrownBy(() -> dsl.transaction(tx -> store(tx, "ann"))).isInstanceOf(DataAccessException.class);

            assertThat(told.events()).containsExactly("before INSERT ann", "failed INSERT ann COMMIT");
            assertThat(owners(database)).isEmpty();
        }
    }

    @Test
    void onlyTransactionsWithSomethingToTellAreMarked() {
        DSLContext dsl = resolved(database.dsl(database.realDataSource()));

        dsl.transaction(tx -> store(tx, "ann"));
        dsl.transaction(
                tx -> tx.dsl().insertInto(STOCK, STOCK.ISBN).values("978").execute());
        dsl.transaction(tx -> tx.dsl().fetch("select 1"));
        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    store(tx, "bob");
                    throw new IllegalStateException();
                }))
                .isInstanceOf(IllegalStateException.class);

        assertThat(owners(database)).isEqualTo(List.of("ann"));
        assertThat(real().fetchValues("select decision from commit_marker")).isEqualTo(List.of("COMMITTED"));
    }

    private DSLContext resolved(DSLContext dsl) {
        return told.attachTo(
                dsl,
                hooks -> hooks.outcomeResolver(MarkerOutcomeResolver.builder(database.realDataSource())
                        .sweepOn(work -> {})
                        .build()));
    }

    private DSLContext real() {
        return database.dsl(database.realDataSource());
    }
}
