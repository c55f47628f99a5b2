package dev.commithooks.recording;

import dev.commithooks.fixture.JournalEntry;
import dev.commithooks.fixture.JournalEntry.Operation;
import dev.commithooks.policy.BucketMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What hooks have to be told of a transaction, folded from the database's own journal: the model that the library is held to.
 * It knows rows by their life, from the key they had at first to the key they have at last.
 */
final class ExpectedBuckets {

    /** One change that is to be told; images are the database's. */
    record Expected(
            Operation operation,
            String table,
            Map<String, @Nullable String> oldRow,
            Map<String, @Nullable String> newRow,
            @Nullable String oldKey,
            @Nullable String newKey,
            boolean hasClearImages) {

        @Override
        public String toString() {
            return operation + " " + table + "[" + (operation == Operation.DELETE ? oldKey : newKey) + "]"
                    + (operation == Operation.UPDATE && !String.valueOf(oldKey).equals(newKey)
                            ? " from " + oldKey
                            : "");
        }
    }

    /** One row's life in the transaction. */
    private static final class Life {

        final String table;

        @Nullable
        JournalEntry insert;

        @Nullable
        JournalEntry firstUpdate;

        @Nullable
        JournalEntry delete;

        Map<String, @Nullable String> last = Map.of();
        boolean existedBefore;
        /** Deleted and inserted again: whose image a bucket has is no business of this model. */
        boolean cameBack;

        Map<String, @Nullable String> first = Map.of();

        Life(String table) {
            this.table = table;
        }
    }

    private final Map<String, String> keyColumns;
    private final Map<String, Life> byKey = new LinkedHashMap<>();
    private final List<Life> lives = new ArrayList<>();
    private final List<Expected> keyless = new ArrayList<>();

    /**
     * Knows the rows of some tables by their keys.
     *
     * @param keyColumns for each of these tables its key column
     */
    ExpectedBuckets(Map<String, String> keyColumns) {
        this.keyColumns = new TreeMap<>(keyColumns);
    }

    List<Expected> fold(BucketMode mode, List<JournalEntry> journal) {
        for (JournalEntry entry : journal) {
            String column = keyColumns.get(entry.table());
            if (column == null) {
                keyless.add(new Expected(
                        entry.operation(), entry.table(), entry.oldRow(), entry.newRow(), null, null, false));
            } else {
                live(mode, entry, column);
            }
        }
        List<Expected> expected = new ArrayList<>();
        lives.forEach(life -> addTo(expected, mode, life));
        expected.addAll(keyless);
        return expected;
    }

    private void live(BucketMode mode, JournalEntry entry, String column) {
        switch (entry.operation()) {
            case INSERT -> {
                String key = entry.table() + entry.newRow().get(column);
                Life life = byKey.get(key);
                if (life == null || life.delete == null) {
                    life = begin(entry, key);
                } else {
                    life.cameBack = true;
                }
                if (mode == BucketMode.NET) {
                    life.delete = null;
                }
                if (life.insert == null) {
                    life.insert = entry;
                }
                life.last = entry.newRow();
            }
            case UPDATE -> {
                Life life = existing(entry, column);
                byKey.remove(entry.table() + entry.oldRow().get(column));
                byKey.put(entry.table() + entry.newRow().get(column), life);
                if (life.firstUpdate == null) {
                    life.firstUpdate = entry;
                }
                life.last = entry.newRow();
            }
            case DELETE -> {
                Life life = existing(entry, column);
                life.delete = entry;
            }
        }
    }

    private Life begin(JournalEntry entry, String key) {
        Life life = new Life(entry.table());
        byKey.put(key, life);
        lives.add(life);
        return life;
    }

    private Life existing(JournalEntry entry, String column) {
        String key = entry.table() + entry.oldRow().get(column);
        Life life = byKey.get(key);
        if (life == null) {
            life = begin(entry, key);
            life.existedBefore = true;
            life.first = entry.oldRow();
        }
        return life;
    }

    private void addTo(List<Expected> expected, BucketMode mode, Life life) {
        if (mode == BucketMode.NET) {
            if (life.existedBefore && life.delete != null) {
                expected.add(change(Operation.DELETE, life, life.first, Map.of()));
            } else if (life.existedBefore) {
                expected.add(change(Operation.UPDATE, life, life.first, life.last));
            } else if (life.delete == null) {
                expected.add(change(Operation.INSERT, life, Map.of(), life.last));
            }
            return;
        }
        if (life.insert != null) {
            expected.add(change(Operation.INSERT, life, Map.of(), life.last));
        }
        if (life.firstUpdate != null) {
            expected.add(change(Operation.UPDATE, life, life.firstUpdate.oldRow(), life.last));
        }
        if (life.delete != null) {
            expected.add(change(Operation.DELETE, life, life.delete.oldRow(), Map.of()));
        }
    }

    private Expected change(
            Operation operation,
            Life life,
            Map<String, @Nullable String> oldRow,
            Map<String, @Nullable String> newRow) {
        String column = String.valueOf(keyColumns.get(life.table));
        return new Expected(
                operation, life.table, oldRow, newRow, oldRow.get(column), newRow.get(column), !life.cameBack);
    }
}
