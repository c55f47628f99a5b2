package dev.commithooks.boundary;

import static dev.commithooks.bookshop.shop.Tables.STOCK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.CommitHooks;
import dev.commithooks.change.ChangeType;
import dev.commithooks.engine.log.SimultaneousWrite;
import dev.commithooks.engine.log.Write;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.BucketMode;
import dev.commithooks.policy.OldRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows that take each other's keys in one statement, which writes them all at once, in whatever order it tells of them. */
@Database
class FoldedAtOnceTest extends FoldingFixture {

    private final TestDatabase database;

    FoldedAtOnceTest(TestDatabase database) {
        this.database = database;
    }

    /** The row of this key. Its quantity says which row it is. */
    private static @Nullable Object[] row(String isbn, int quantity) {
        return new @Nullable Object[] {isbn, quantity, UNKNOWN};
    }

    private static Write update(String from, String to, int row, Object statement) {
        return new SimultaneousWrite(
                TABLE, "public.stock", ChangeType.UPDATE, row(from, row), row(to, row), null, statement);
    }

    private static Write insert(String isbn, int row, Object statement) {
        return new SimultaneousWrite(TABLE, "public.stock", ChangeType.INSERT, null, row(isbn, row), null, statement);
    }

    private static Write delete(String isbn, int row, Object statement) {
        return new SimultaneousWrite(TABLE, "public.stock", ChangeType.DELETE, row(isbn, row), null, null, statement);
    }

    private static List<String> told(BucketMode mode, Write... log) {
        return changes(mode, List.of(log)).stream()
                .map(change -> change.type() + " " + text(change.before()) + ">" + text(change.after()))
                .sorted()
                .toList();
    }

    private static String text(@Nullable Object @Nullable [] image) {
        return image == null ? "" : Arrays.toString(Arrays.copyOf(image, 2));
    }

    @ParameterizedTest
    @EnumSource(names = {"BUCKETED", "NET"})
    void rowsThatMoveOnAreEachToldOf(BucketMode mode) {
        assertThat(told(mode, update("1", "2", 10, "a"), update("2", "3", 20, "a"), update("3", "1", 30, "a")))
                .containsExactly("UPDATE [1, 10]>[2, 10]", "UPDATE [2, 20]>[3, 20]", "UPDATE [3, 30]>[1, 30]");
        assertThat(told(
                        mode,
                        update("1", "2", 10, "a"),
                        update("2", "1", 20, "a"),
                        update("1", "2", 20, "b"),
                        update("2", "1", 10, "b")))
                .containsExactly("UPDATE [1, 10]>[1, 10]", "UPDATE [2, 20]>[2, 20]");
    }

    /** What one statement after another does to a key is done to one row. */
    @ParameterizedTest
    @EnumSource(names = {"BUCKETED", "NET"})
    void rowThatSeveralStatementsMoveIsOne(BucketMode mode) {
        assertThat(told(mode, update("1", "2", 10, "a"), update("2", "3", 10, "b")))
                .containsExactly("UPDATE [1, 10]>[3, 10]");
    }

    @Test
    void keyOfARowThatIsDeletedOrMovedIsTakenByAnother() {
        assertThat(told(BucketMode.NET, insert("2", 20, "a"), update("1", "2", 10, "b"), delete("2", 20, "b")))
                .containsExactly("UPDATE [1, 10]>[2, 10]");
        assertThat(told(BucketMode.NET, insert("2", 20, "a"), insert("2", 30, "b"), update("2", "3", 20, "b")))
                .containsExactly("INSERT >[2, 30]", "INSERT >[3, 20]");
        assertThat(told(
                        BucketMode.BUCKETED,
                        insert("2", 20, "a"),
                        update("1", "2", 10, "b"),
                        delete("2", 20, "b"),
                        update("2", "5", 10, "c")))
                .containsExactly("DELETE [2, 20]>", "INSERT >[2, 20]", "UPDATE [1, 10]>[5, 10]");
    }

    /** On the database: a key that is checked when the statement ends. */
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
