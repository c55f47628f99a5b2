package dev.commithooks.boundary;

import static dev.commithooks.bookshop.shop.Tables.STOCK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.change.ChangeType;
import dev.commithooks.change.StatementSummary;
import dev.commithooks.change.Updated;
import dev.commithooks.engine.log.Effect;
import dev.commithooks.engine.log.Folding;
import dev.commithooks.engine.log.Recorded;
import dev.commithooks.engine.log.RowChange;
import dev.commithooks.engine.log.Summary;
import dev.commithooks.engine.log.Write;
import dev.commithooks.policy.BucketMode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * How writes of a row become changes. A write is a letter and a key: {@code Ia} inserts the row a, {@code Ua} updates it,
 * {@code Uab} renames it to b, {@code Da} deletes it. The n-th write sets the quantity to n. {@code S} is the summary of a
 * statement.
 */
class FoldingTest extends FoldingFixture {

    private static List<String> fold(BucketMode mode, String writes) {
        List<Recorded> log = new ArrayList<>();
        for (String write : writes.split(" ")) {
            log.add(write(write, log.size() + 1));
        }
        return Folding.fold(mode, log, 0, log.size()).stream()
                .map(FoldingTest::describe)
                .toList();
    }

    private static Recorded write(String text, int quantity) {
        if (text.equals("S")) {
            return new Summary(TABLE, "public.stock", new StatementSummary(STOCK, 0, 7, 0, "update stock"));
        }
        String key = text.substring(1, 2);
        String newKey = text.length() > 2 ? text.substring(2, 3) : null;
        return switch (text.charAt(0)) {
            case 'I' -> new Write(TABLE, "public.stock", ChangeType.INSERT, null, row(key, quantity, null), null);
            case 'U' ->
                new Write(
                        TABLE,
                        "public.stock",
                        ChangeType.UPDATE,
                        row(key, -quantity, "s"),
                        row(newKey == null ? UNKNOWN : newKey, quantity, UNKNOWN),
                        null);
            default -> new Write(TABLE, "public.stock", ChangeType.DELETE, row(key, -quantity, "s"), null, null);
        };
    }

    private static @Nullable Object[] row(Object key, Object quantity, @Nullable Object shelf) {
        return new @Nullable Object[] {key, quantity, shelf};
    }

    private static String describe(Effect folded) {
        String text = folded instanceof RowChange change
                ? change.toChange(null).toString()
                : folded.toString().replace("of public.stock ", "");
        return text.replace("public.stock", "").replace("isbn=", "").replace("quantity=", "");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # the table of the contract
            BUCKETED | Ia Ua    | insert (a, 2, shelf=null); update (a, 2, shelf=null) changed [quantity]
            NET      | Ia Ua    | insert (a, 2, shelf=null)
            EVERY    | Ia Ua    | insert (a, 1, shelf=null); update (a, 2, shelf=s) changed [quantity]
            BUCKETED | Ua Ua    | update (a, 2, shelf=s) changed [quantity]
            NET      | Ua Ua    | update (a, 2, shelf=s) changed [quantity]
            EVERY    | Ua Ua    | update (a, 1, shelf=s) changed [quantity]; update (a, 2, shelf=s) changed [quantity]
            BUCKETED | Ia Da    | insert (a, 1, shelf=null); delete (a, -2, shelf=s)
            NET      | Ia Da    | ''
            EVERY    | Ia Da    | insert (a, 1, shelf=null); delete (a, -2, shelf=s)
            BUCKETED | Ua Da    | update (a, 1, shelf=s) changed [quantity]; delete (a, -2, shelf=s)
            NET      | Ua Da    | delete (a, -1, shelf=s)
            EVERY    | Ua Da    | update (a, 1, shelf=s) changed [quantity]; delete (a, -2, shelf=s)
            BUCKETED | Da Ia    | insert (a, 2, shelf=null); delete (a, -1, shelf=s)
            NET      | Da Ia    | update (a, 2, shelf=null) changed [isbn, quantity, shelf]
            EVERY    | Da Ia    | delete (a, -1, shelf=s); insert (a, 2, shelf=null)
            # order: inserts, updates, deletes, each where its first write stood
            BUCKETED | Da Ub Ic Ib Ub | insert (c, 3, shelf=null); insert (b, 5, shelf=null); \
                                        update (b, 5, shelf=null) changed [quantity]; delete (a, -1, shelf=s)
            # renamed rows
            BUCKETED | Uab Ub   | update [a] to (b, 2, shelf=s) changed [isbn, quantity]
            BUCKETED | Uab Ubc  | update [a] to (c, 2, shelf=s) changed [isbn, quantity]
            NET      | Uab Ubc  | update [a] to (c, 2, shelf=s) changed [isbn, quantity]
            NET      | Ia Uab   | insert (b, 2, shelf=null)
            NET      | Uab Db   | delete (a, -1, shelf=s)
            NET      | Uab Db Ia | update (a, 3, shelf=null) changed [isbn, quantity, shelf]
            NET      | Uab Db Ib | insert (b, 3, shelf=null); delete (a, -1, shelf=s)
            NET      | Uat Uba Utb | update [a] to (b, 3, shelf=s) changed [isbn, quantity]; \
                                     update [b] to (a, 2, shelf=s) changed [isbn, quantity]
            BUCKETED | Uat Uba Utb | update [a] to (b, 3, shelf=s) changed [isbn, quantity]; \
                                     update [b] to (a, 2, shelf=s) changed [isbn, quantity]
            # again and again
            NET      | Ia Da Ia    | insert (a, 3, shelf=null)
            NET      | Ia Da Ia Da | ''
            NET      | Da Ia Da    | delete (a, -1, shelf=s)
            NET      | Da Ia Ua    | update (a, 3, shelf=null) changed [isbn, quantity, shelf]
            BUCKETED | Ia Da Ia    | insert (a, 3, shelf=null); delete (a, -2, shelf=s)
            NET      | Ia Ua Ua    | insert (a, 3, shelf=null)
            BUCKETED | Ia Ua Ua    | insert (a, 3, shelf=null); update (a, 3, shelf=null) changed [quantity]
            BUCKETED | Ia Da Ia Ua | insert (a, 4, shelf=null); update (a, 4, shelf=null) changed [quantity]; \
                                     delete (a, -2, shelf=s)
            # no row is followed across a statement of which it is not known what it did to the row
            BUCKETED | Ia S Ua     | insert (a, 1, shelf=null); update (a, 3, shelf=s) changed [quantity]; \
                                     7 rows were updated by update stock
            NET      | Ia S Da     | insert (a, 1, shelf=null); delete (a, -3, shelf=s); \
                                     7 rows were updated by update stock
            """)
    void foldsAsTheContractSays(BucketMode mode, String writes, String expected) {
        assertThat(String.join("; ", fold(mode, writes))).isEqualTo(expected.replaceAll(" +", " "));
    }

    @Test
    void rowsOfTablesThatHaveOtherNamesInSqlAreOthers() {
        List<Write> log = List.of(
                new Write(TABLE, "public.stock", ChangeType.INSERT, null, row("a", 1, "s"), null),
                new Write(TABLE, "tenant.stock", ChangeType.DELETE, row("a", 2, "s"), null, null),
                new Write(TABLE, "public.stock", ChangeType.DELETE, row("b", 3, "s"), null, null),
                new Write(TABLE, "tenant.stock", ChangeType.INSERT, null, row("b", 4, "s"), null));

        assertThat(Folding.fold(BucketMode.NET, log, 0, 4))
                .extracting(effect -> ((RowChange) effect).type() + " " + effect.tableName() + " " + effect.position())
                .hasSize(4)
                .startsWith("INSERT public.stock 0", "INSERT tenant.stock 0");
    }

    @Test
    void secondInstanceUndoesNothingOfTheFirst() {
        List<Write> log = List.of(
                new Write(TABLE, "public.stock", ChangeType.UPDATE, row("a", 1, "s"), row(UNKNOWN, 2, UNKNOWN), null),
                new Write(
                        TABLE, "public.stock", ChangeType.UPDATE, row("a", 1, "s"), row(UNKNOWN, UNKNOWN, "t"), null));

        Updated<?> update =
                (Updated<?>) changes(BucketMode.BUCKETED, log).get(0).toChange(null);

        assertThat(update.row().intoList()).containsExactly("a", 2, "t");
        assertThat(update.oldRow().intoList()).containsExactly("a", 1, "s");
        assertThat(update.changedFields()).isEqualTo(List.of(STOCK.QUANTITY, STOCK.SHELF));
    }

    @Test
    void keyThatTheServerReturnedOfAnUpdateIsTheRowsKeyFromThenOn() {
        List<Write> log = List.of(
                new Write(
                        TABLE,
                        "public.stock",
                        ChangeType.UPDATE,
                        row("a", 1, "s"),
                        row(UNKNOWN, 2, UNKNOWN),
                        row("b", UNKNOWN, UNKNOWN)),
                new Write(TABLE, "public.stock", ChangeType.DELETE, row("b", 2, "s"), null, null));

        assertThat(Folding.fold(BucketMode.NET, log, 0, 2))
                .map(FoldingTest::describe)
                .containsExactly("delete (a, 1, shelf=s)");
    }

    @Test
    void rowWithoutAKnownKeyIsNeverFolded() {
        List<Write> log = List.of(
                new Write(TABLE, "public.stock", ChangeType.INSERT, null, row(UNKNOWN, 1, "s"), null),
                new Write(TABLE, "public.stock", ChangeType.INSERT, null, row(UNKNOWN, 1, "s"), null));

        assertThat(changes(BucketMode.NET, log))
                .hasSize(2)
                .allSatisfy(change -> assertThat(change.toChange(null).key()).isEmpty());
    }

    @Test
    void manyRowsThatCameAndWentAreNothing() {
        List<Write> log = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            log.add(new Write(TABLE, "public.stock", ChangeType.INSERT, null, row("k" + i, i, "s"), null));
            log.add(new Write(TABLE, "public.stock", ChangeType.DELETE, row("k" + i, i, "s"), null, null));
        }

        assertThat(Folding.fold(BucketMode.NET, log, 0, log.size())).isEmpty();
    }
}
