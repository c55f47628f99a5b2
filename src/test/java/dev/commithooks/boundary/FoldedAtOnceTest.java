package dev.commithooks.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.change.ChangeType;
import dev.commithooks.engine.log.SimultaneousWrite;
import dev.commithooks.engine.log.Write;
import dev.commithooks.policy.BucketMode;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows that take each other's keys in one statement, which writes them all at once, in whatever order it tells of them. */
class FoldedAtOnceTest extends FoldingFixture {

    /** The row of this key. Its quantity says which row it is. */
    private static @Nullable Object[] row(String isbn, int quantity) {
        return new @Nullable Object[] {isbn, quantity, UNKNOWN};
    }

    private static Write update(String from, String to, int row, Object statement) {
        return new SimultaneousWrite(
                new Write(TABLE, "public.stock", ChangeType.UPDATE, row(from, row), row(to, row), null), statement);
    }

    private static Write insert(String isbn, int row, Object statement) {
        return new SimultaneousWrite(
                new Write(TABLE, "public.stock", ChangeType.INSERT, null, row(isbn, row), null), statement);
    }

    private static Write delete(String isbn, int row, Object statement) {
        return new SimultaneousWrite(
                new Write(TABLE, "public.stock", ChangeType.DELETE, row(isbn, row), null, null), statement);
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
}
