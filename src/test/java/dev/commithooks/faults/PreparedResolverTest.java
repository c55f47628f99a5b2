package dev.commithooks.faults;

import static dev.commithooks.bookshop.shop.Tables.STOCK;
import static dev.commithooks.faults.Told.owners;
import static dev.commithooks.faults.Told.store;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.spi.OutcomeResolver;
import org.jooq.DSLContext;
import org.junit.jupiter.api.Test;

/** A resolver before COMMIT: it prepares its question where there is something to tell, and may fail. */
@Database
class PreparedResolverTest {

    private final TestDatabase database;
    private final Told told = new Told();

    PreparedResolverTest(TestDatabase database) {
        this.database = database;
    }

    @Test
    void resolverThatCannotPrepareRollsBack() {
        IllegalStateException broken = new IllegalStateException("cannot prepare");
        DSLContext dsl = told.attachTo(
                database.dsl(database.pool(1)),
                hooks -> hooks.outcomeResolver(connection -> {
                    throw broken;
                }));

        assertThatThrownBy(() -> dsl.transaction(tx -> store(tx, "ann"))).isSameAs(broken);

        assertThat(told.events()).containsExactly("before INSERT ann", "failed INSERT ann COMMIT");
        assertThat(owners(database)).isEmpty();
    }

    @Test
    void resolverIsNotAskedWhereThereIsNothingToTell() {
        OutcomeResolver never = connection -> {
            throw new AssertionError("asked");
        };
        DSLContext dsl = told.attachTo(database.dsl(database.pool(1)), hooks -> hooks.outcomeResolver(never));

        dsl.transaction(
                tx -> tx.dsl().insertInto(STOCK, STOCK.ISBN).values("978").execute());

        assertThat(database.dsl().fetchCount(STOCK)).isEqualTo(1);
    }
}
