package dev.commithooks.engine.registry;

import dev.commithooks.change.ChangeType;
import dev.commithooks.change.RowImage;
import dev.commithooks.policy.OldRows;
import dev.commithooks.spi.HookObserver.Phase;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.TableField;
import org.jooq.UniqueKey;

/** A table and everything registered for it. Immutable. */
public final class HookedTable {

    private final Table<?> table;
    private final String name;
    private final Field<?>[] fields;
    private final int[] keyColumns;
    private final OldRows oldRows;
    private final Map<Phase, List<BoundHook>> hooks = new EnumMap<>(Phase.class);
    private final boolean[] hooked = new boolean[ChangeType.values().length];

    HookedTable(Table<?> table, OldRows oldRows, List<BoundHook> bound) {
        this.table = table;
        this.name = RowImage.nameOf(table);
        this.fields = table.fields();
        this.keyColumns = keyColumns(table);
        this.oldRows = oldRows;
        for (Phase phase : Phase.values()) {
            List<BoundHook> ofPhase = new ArrayList<>();
            for (BoundHook hook : bound) {
                if (hook.phase() == phase) {
                    ofPhase.add(hook);
                }
            }
            hooks.put(phase, List.copyOf(ofPhase));
        }
        for (ChangeType type : ChangeType.values()) {
            hooked[type.ordinal()] = bound.stream().anyMatch(hook -> hook.takes(type));
        }
    }

    private static <R extends Record> int[] keyColumns(Table<R> table) {
        UniqueKey<R> key = table.getPrimaryKey();
        if (key == null) {
            return new int[0];
        }
        TableField<R, ?>[] keyFields = key.getFieldsArray();
        int[] columns = new int[keyFields.length];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = table.indexOf(keyFields[i]);
        }
        return columns;
    }

    /** The table, as generated. */
    public Table<?> table() {
        return table;
    }

    /** The table's name with its schema, before any schema mapping. */
    public String name() {
        return name;
    }

    /** The table's fields; not to be altered. */
    public Field<?>[] fields() {
        return fields;
    }

    /** The indexes of the primary key's fields, in the key's order; empty without one. Not to be altered. */
    public int[] keyColumns() {
        return keyColumns;
    }

    /** Where old rows come from. */
    public OldRows oldRows() {
        return oldRows;
    }

    /** Whether anything at all is registered that takes this kind of change. */
    public boolean hooked(ChangeType type) {
        return hooked[type.ordinal()];
    }

    /** The hooks of a phase, in the order they are called. */
    public List<BoundHook> hooks(Phase phase) {
        return Objects.requireNonNull(hooks.get(phase));
    }

    @Override
    public String toString() {
        return name;
    }
}
