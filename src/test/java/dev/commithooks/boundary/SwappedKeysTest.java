package dev.commithooks.boundary;

import static dev.commithooks.bookshop.shop.Tables.STOCK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.CommitHooks;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.BucketMode;
import dev.commithooks.policy.OldRows;
import java.util.ArrayList;
import java.util.List;
import org.jooq.impl.DSL;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows that swap a key which the database checks when the statement ends. */
@Database
class SwappedKeysTest {

    private final TestDatabase database;

    SwappedKeysTest(TestDatabase database) {
        this.database = database;
    }

    @ParameterizedTest
    @EnumSource(names = {"BUCKETED", "NET"})
    @Needs(Ability.CAPTURED_STATEMENTS)
    void rowsThatSwapADeferrableKeyAreEachToldOf(BucketMode mode) {
        database.dsl().execute("alter table stock drop constraint stock_pkey, add primary key (isbn) deferrable");
        try {
            database.dsl().execute("insert into stock values ('1', 10), ('2', 20), ('3', 30)");
            List<String> told = new ArrayList<>();
            CommitHooks hooks = CommitHooks.builder()
                    .buckets(mode)
                    .oldRows(OldRows.FROM_DATABASE)
                    .on(
                            STOCK,
                            on -> on.afterCommitUpdate((stock, ctx) -> told.add(
                                    stock.oldRow().getIsbn() + ">" + stock.row().getIsbn() + ": "
                                            + stock.row().getQuantity())))
                    .build();
            hooks.attachTo(database.dsl())
                    .transaction(tx -> tx.dsl()
                            .update(STOCK)
                            .set(
                                    STOCK.ISBN,
                                    DSL.val(4)
                                            .minus(STOCK.ISBN.cast(Integer.class))
                                            .cast(String.class))
                            .execute());
            assertThat(told).containsExactlyInAnyOrder("1>3: 10", "2>2: 20", "3>1: 30");
        } finally {
            database.reset();
            database.dsl().execute("alter table stock drop constraint stock_pkey, add primary key (isbn)");
        }
    }
}
