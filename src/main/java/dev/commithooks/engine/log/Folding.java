package dev.commithooks.engine.log;

import dev.commithooks.change.ChangeType;
import dev.commithooks.policy.BucketMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Folds writes into changes, by table and primary key, over all record instances.
 *
 * <p>A row is followed through updates of its primary key. What is folded is the row, not the key: when two rows swap keys,
 * each keeps its own changes. A row without a known key is never folded with another write.
 *
 * <p>Most rows are written once, and their write stands for itself: nothing is made for it but its entry in {@link KnownRows}.
 * The second write of a row makes it a {@link Row}.
 */
public final class Folding {

    private final BucketMode mode;
    private final int writes;
    private final List<Effect> begun;
    private final Map<RowChange, FoldedChange> folded = new IdentityHashMap<>(0);
    private final Map<String, KnownRows> tables = new HashMap<>(4);
    private @Nullable KnownRows lastTable;
    /** The statement whose rows have left their keys. */
    private @Nullable Object statement;

    private Folding(BucketMode mode, int writes) {
        this.mode = mode;
        this.writes = writes;
        this.begun = new ArrayList<>(writes);
    }

    /** A row as far as it is known: its only write so far, or its sum. */
    sealed interface Known permits Write, Row {}

    /** A row that was written more than once, and its change in each bucket. */
    private static final class Row implements Known {
        final @Nullable Object firstKey;

        @Nullable
        Object @Nullable [] image;

        @Nullable
        FoldedChange insert;

        @Nullable
        FoldedChange update;

        @Nullable
        FoldedChange delete;

        Row(@Nullable Object firstKey) {
            this.firstKey = firstKey;
        }
    }

    /**
     * The effects that the log amounts to: inserts, then updates, then deletes, each where its first write stood, then summaries; of
     * {@link BucketMode#EVERY} as they were written.
     *
     * @param log the log
     * @param from where to begin in it
     * @param to where to end in it, exclusive
     */
    public static List<Effect> fold(BucketMode mode, List<? extends LogItem> log, int from, int to) {
        if (to - from == 1) { // nothing to fold: most transactions write one row
            return log.get(from) instanceof Effect alone ? List.of(alone) : List.of();
        }
        Folding folding = new Folding(mode, to - from);
        for (int i = from; i < to; i++) {
            LogItem item = log.get(i);
            if (item instanceof Write write) {
                folding.leave(write, log, i, to);
                folding.add(write);
            } else if (item instanceof Summary summary) {
                folding.add(summary);
            }
        }
        return mode == BucketMode.EVERY ? folding.begun : folding.inBuckets();
    }

    private List<Effect> inBuckets() {
        List<Effect> ordered = new ArrayList<>(begun.size());
        for (ChangeType type : ChangeType.values()) {
            for (Effect effect : begun) {
                if (!(effect instanceof RowChange change)) {
                    continue;
                }
                FoldedChange several = folded.isEmpty() ? null : folded.get(change);
                if (several == null && change.type() == type) {
                    ordered.add(change);
                } else if (several != null && several.type() == type && !several.isCancelled()) {
                    ordered.add(several);
                }
            }
        }
        for (Effect effect : begun) {
            if (effect instanceof Summary) {
                ordered.add(effect);
            }
        }
        return ordered;
    }

    /** The rows that it wrote are not known, so that none of its table is followed any further. */
    private void add(Summary summary) {
        begun.add(summary);
        tables.remove(summary.tableName());
        lastTable = null;
    }

    /** Where a statement's first write stands, all its rows leave their keys. */
    private void leave(Write first, List<? extends LogItem> log, int from, int to) {
        if (first.statement() == null || first.statement() == statement || mode == BucketMode.EVERY) {
            return;
        }
        statement = first.statement();
        for (int i = from; i < to; i++) {
            Object its = log.get(i) instanceof Write write ? write.statement() : null;
            if (its == statement) {
                Write write = (Write) log.get(i);
                rowsOf(write).leave(write);
            } else if (its != null) {
                return;
            }
        }
    }

    private void add(Write write) {
        if (mode == BucketMode.EVERY) {
            begun.add(write);
            return;
        }
        KnownRows rows = rowsOf(write);
        switch (write.type()) {
            case INSERT -> insert(write, rows);
            case UPDATE -> update(write, rows);
            case DELETE -> delete(write, rows);
        }
    }

    private KnownRows rowsOf(Write write) {
        KnownRows last = lastTable;
        if (last == null || !last.isOf(write)) {
            last = tables.computeIfAbsent(
                    write.tableName(), name -> new KnownRows(write.hookedTable(), write.tableName(), writes));
            lastTable = last;
        }
        return last;
    }

    /** The change that stands where this write stands, if it is to be more than the write. */
    private FoldedChange begin(Write write) {
        begun.add(write);
        return foldOnto(write);
    }

    private FoldedChange foldOnto(Write write) {
        FoldedChange change = new FoldedChange(write);
        folded.put(write, change);
        return change;
    }

    /** The row as one that is written more than once, made of its only write if need be. */
    private Row row(Known known, KnownRows rows) {
        if (known instanceof Row row) {
            return row;
        }
        Write only = (Write) known;
        Row row = new Row(rows.keyBefore(only));
        row.image = only.after();
        switch (only.type()) {
            case INSERT -> row.insert = foldOnto(only);
            case UPDATE -> row.update = foldOnto(only);
            case DELETE -> row.delete = foldOnto(only);
        }
        return row;
    }

    private void insert(Write write, KnownRows rows) {
        Object key = rows.keyAfter(write);
        if (key == null) {
            begun.add(write);
        } else if (mode == BucketMode.NET) {
            insertNet(write, key, rows);
        } else {
            Known known = rows.present.putIfAbsent(key, write);
            if (known == null) {
                begun.add(write);
                return;
            }
            Row row = row(known, rows);
            row.image = write.after();
            if (row.insert == null) {
                row.insert = begin(write);
            } else {
                row.insert.after(row.image);
            }
            rows.present.put(key, row);
        }
    }

    private void insertNet(Write write, Object key, KnownRows rows) {
        Known deleted = rows.gone.remove(key);
        if (deleted == null) {
            begun.add(write);
            rows.present.put(key, write);
            return;
        }
        Row row = row(deleted, rows);
        row.image = Objects.requireNonNull(write.after());
        row.update = Objects.requireNonNull(row.delete);
        row.update.turnIntoUpdate(row.image);
        row.delete = null;
        rows.present.put(key, row);
    }

    private void update(Write write, KnownRows rows) {
        Object from = rows.keyBefore(write);
        Known known = from == null ? null : rows.take(write, from);
        Object to = from == null ? null : rows.keyAfter(write);
        if (known == null) {
            begun.add(write);
        } else {
            known = updated(row(known, rows), write);
        }
        if (to != null) {
            rows.present.put(to, known == null ? write : known);
        }
    }

    private Row updated(Row row, Write write) {
        @Nullable Object[] image = write.over(row.image != null ? row.image : Objects.requireNonNull(write.before()));
        row.image = image;
        if (row.insert != null) {
            row.insert.updated(write, image);
        }
        if (row.update != null) {
            row.update.updated(write, image);
        } else if (row.insert == null || mode != BucketMode.NET) {
            row.update = begin(write);
            row.update.after(image);
        }
        return row;
    }

    private void delete(Write write, KnownRows rows) {
        Object key = rows.keyBefore(write);
        Known known = key == null ? null : rows.take(write, key);
        if (known == null) {
            begun.add(write);
            if (key != null) {
                if (mode == BucketMode.NET) {
                    rows.gone.put(key, write);
                } else {
                    rows.present.putIfAbsent(key, write);
                }
            }
            return;
        }
        Row row = row(known, rows);
        row.image = null;
        if (mode == BucketMode.NET) {
            deleteNet(write, row, rows);
        } else {
            if (row.delete == null) {
                row.delete = begin(write);
            }
            rows.present.putIfAbsent(key, row);
        }
    }

    private void deleteNet(Write write, Row row, KnownRows rows) {
        if (row.insert != null) {
            row.insert.cancel();
            return;
        }
        if (row.update != null) {
            row.update.turnIntoDelete();
            row.delete = row.update;
            row.update = null;
        } else {
            row.delete = begin(write);
        }
        if (row.firstKey != null) {
            rows.gone.put(row.firstKey, row);
        }
    }
}
