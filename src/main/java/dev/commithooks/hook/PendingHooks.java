package dev.commithooks.hook;

import dev.commithooks.change.Change;
import dev.commithooks.change.ChangeSet;
import dev.commithooks.change.RowKey;
import dev.commithooks.change.StatementSummary;
import dev.commithooks.row.TableName;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The calls that a transaction would make if it committed now, as data and, by {@link #toString()}, as a tree by savepoint. A snapshot.
 *
 * @param changes the changes as they would be delivered, folded
 * @param calls the calls of hooks and callbacks in the order they would be made
 * @param tree the writes and callbacks as they were made, by savepoint
 */
public record PendingHooks(ChangeSet changes, List<Call> calls, Level tree) {

    /** Copies the list. */
    public PendingHooks {
        calls = List.copyOf(calls);
    }

    /**
     * One call that would be made.
     *
     * @param hook the hook's name
     * @param method the hook's method, for instance {@code afterCommitInsert}; or {@code onCommit} and the like
     * @param changes the change it would be called for, a set method's changes; none for a callback
     * @param summaries a set method's statements that wrote too many rows to be told one by one
     * @param level whether the transaction would make it, or store it, to be made by whichever node delivers it
     */
    public record Call(
            String hook,
            String method,
            List<Change<?>> changes,
            List<StatementSummary> summaries,
            DeliveryLevel level) {

        /** Copies the lists. */
        public Call {
            changes = List.copyOf(changes);
            summaries = List.copyOf(summaries);
        }

        @Override
        public String toString() {
            return method + " '" + hook + "'" + (level == DeliveryLevel.DURABLE ? ", durable," : "")
                    + what().map(what -> " for " + what).collect(Collectors.joining());
        }

        private Stream<String> what() {
            return Stream.concat(
                    changes.isEmpty() ? Stream.empty() : Stream.of(whatChanges()),
                    summaries.stream().map(StatementSummary::toString));
        }

        private String whatChanges() {
            Change<?> first = changes.get(0);
            String table = TableName.of(first.table());
            return changes.size() > 1
                    ? changes.size() + " changes of " + table
                    : first.type().name().toLowerCase(Locale.ROOT) + " "
                            + first.key().map(RowKey::toString).orElse(table);
        }
    }

    /**
     * A transaction or a savepoint in it.
     *
     * @param title what it is
     * @param items lines of text, and levels within
     */
    public record Level(String title, List<Object> items) {

        /** Copies the list. */
        public Level {
            items = List.copyOf(items);
        }

        @Override
        public String toString() {
            StringBuilder out = new StringBuilder();
            print("", out);
            return out.toString();
        }

        private void print(String indent, StringBuilder out) {
            out.append(title).append('\n');
            for (int i = 0; i < items.size(); i++) {
                boolean last = i == items.size() - 1;
                out.append(indent).append(last ? "└─ " : "├─ ");
                if (items.get(i) instanceof Level level) {
                    level.print(indent + (last ? "   " : "│  "), out);
                } else {
                    out.append(items.get(i)).append('\n');
                }
            }
        }
    }

    @Override
    public String toString() {
        StringBuilder out = new StringBuilder(tree.toString());
        out.append("would call").append(calls.isEmpty() ? " nothing" : "").append('\n');
        calls.forEach(call -> out.append("  ").append(call).append('\n'));
        return out.toString();
    }
}
