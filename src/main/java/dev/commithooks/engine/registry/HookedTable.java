package dev.commithooks.engine.registry;

import dev.commithooks.change.ChangeType;
import dev.commithooks.policy.OldRows;
import dev.commithooks.policy.Recording;
import dev.commithooks.row.Canonical;
import dev.commithooks.row.RowVersions;
import dev.commithooks.row.TableName;
import dev.commithooks.spi.HookObserver.Phase;
import java.util.Arrays;
import java.util.List;
import org.jooq.Configuration;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.TableField;
import org.jooq.UniqueKey;
import org.jooq.conf.RenderMapping;
import org.jooq.conf.Settings;
import org.jspecify.annotations.Nullable;

/** A table and everything registered for it. Immutable. */
public final class HookedTable {

    private static final Phase[] PHASES = Phase.values();
    private static final ChangeType[] TYPES = ChangeType.values();

    private final Table<?> table;
    private final String name;
    private final Field<?>[] fields;
    private final int[] keyColumns;
    private final boolean plainKey;
    private final OldRows oldRows;
    private final Recording recording;
    private final int statementLimit;
    private final boolean summarized;
    private final int[] leftOut;
    private final List<BoundHook> all;
    private final boolean durable;
    private final BoundHook[][][] forChange = new BoundHook[PHASES.length][TYPES.length][];
    private final BoundHook[][] forSet = new BoundHook[PHASES.length][];
    private final boolean[] hooked = new boolean[TYPES.length];
    private final boolean[] heard = new boolean[PHASES.length];

    HookedTable(Table<?> table, RowPolicies policies, List<BoundHook> hooks) {
        this.table = table;
        this.name = TableName.of(table);
        this.fields = table.fields();
        this.keyColumns = keyColumns(table);
        this.plainKey = keyColumns.length == 1 && Canonical.isPlain(fields[keyColumns[0]].getDataType());
        this.oldRows = policies.oldRows(table);
        this.recording = policies.recording(table);
        this.statementLimit = policies.statementLimit();
        this.summarized = policies.isSummarized(table);
        this.leftOut = policies.leftOut(table).stream()
                .mapToInt(table::indexOf)
                .sorted()
                .toArray();
        this.all = List.copyOf(hooks);
        this.durable = hooks.stream().anyMatch(BoundHook::durable);
        for (Phase phase : PHASES) {
            arrange(phase);
        }
        for (ChangeType type : TYPES) {
            hooked[type.ordinal()] = hooks.stream().anyMatch(h -> h.method().takes(type));
        }
    }

    private void arrange(Phase phase) {
        heard[phase.ordinal()] = all.stream().anyMatch(h -> h.method().phase() == phase);
        List<BoundHook> called = all.stream().filter(h -> h.isCalledIn(phase)).toList();
        forSet[phase.ordinal()] =
                called.stream().filter(h -> h.method().takesSet()).toArray(BoundHook[]::new);
        for (ChangeType type : TYPES) {
            forChange[phase.ordinal()][type.ordinal()] = called.stream()
                    .filter(h -> !h.method().takesSet() && h.method().takes(type))
                    .toArray(BoundHook[]::new);
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

    /**
     * The table's name with its schema, after run-time schema mapping, which tells tenants apart.
     *
     * <p>Where {@code renderSchema} is off and nothing is mapped, the name has the generated schema all the same: which one
     * the search path picks, nobody here knows.
     */
    @SuppressWarnings("removal") // there is no other way to ask for the mapped table without rendering it
    public String nameIn(Configuration configuration) {
        if (!mayBeMapped(configuration.settings())) {
            return name;
        }
        Table<?> mapped = configuration.schemaMapping().map(table);
        return mapped == null || mapped == table ? name : TableName.of(mapped);
    }

    /** Whether tables may have other names at run time. jOOQ puts an empty mapping into the settings when it first renders. */
    public static boolean mayBeMapped(Settings settings) {
        RenderMapping mapping = settings.getRenderMapping();
        return mapping != null
                && (mapping.getDefaultCatalog() != null
                        || mapping.getDefaultSchema() != null
                        || !mapping.getCatalogs().isEmpty()
                        || !mapping.getSchemata().isEmpty());
    }

    /** The table's fields; not to be altered. */
    public Field<?>[] fields() {
        return fields;
    }

    /** An image of a row of which nothing is known, of the table's width. */
    public @Nullable Object[] unknownRow() {
        @Nullable Object[] image = new Object[fields.length];
        Arrays.fill(image, RowVersions.UNKNOWN);
        return image;
    }

    /** The indexes of the primary key's fields, in the key's order; empty without one. Not to be altered. */
    public int[] keyColumns() {
        return keyColumns;
    }

    /** Whether the primary key is one column, and two values of it are the same row's exactly if they are equal. */
    public boolean hasPlainKey() {
        return plainKey;
    }

    /** The source of old rows. */
    public OldRows oldRows() {
        return oldRows;
    }

    /** The writes that are recorded. */
    public Recording recording() {
        return recording;
    }

    /** The number of rows that one statement may write which passes no record. */
    public int statementLimit() {
        return statementLimit;
    }

    /** Whether a statement that writes more rows than that is summarized, and no error. */
    public boolean isSummarized() {
        return summarized;
    }

    /** The indexes of the columns that are in no image of its rows, in their order. Not to be altered. */
    public int[] leftOut() {
        return leftOut;
    }

    /** Whether a column is in the images of its rows. */
    public boolean holds(int column) {
        return leftOut.length == 0 || Arrays.binarySearch(leftOut, column) < 0;
    }

    /** Whether anything at all is registered that takes this kind of change. */
    public boolean hooked(ChangeType type) {
        return hooked[type.ordinal()];
    }

    /** The durable hooks that are told of a commit, in order. */
    public List<BoundHook> stored() {
        return all.stream()
                .filter(hook -> hook.durable() && hook.method().phase() == Phase.AFTER)
                .toList();
    }

    /** Whether a hook of it is durable: its rows must be written together with what the hook is to be called with. */
    public boolean isDurable() {
        return durable;
    }

    /** Whether anything is registered for this phase. */
    public boolean hears(Phase phase) {
        return heard[phase.ordinal()];
    }

    /** All hooks, in the order they are called. */
    public List<BoundHook> all() {
        return all;
    }

    /** The hooks called for each change of this type in this phase, in order. Not to be altered. */
    public BoundHook[] forChange(Phase phase, ChangeType type) {
        return forChange[phase.ordinal()][type.ordinal()];
    }

    /** The hooks called once in this phase with the table's changes, in order. Not to be altered. */
    public BoundHook[] forSet(Phase phase) {
        return forSet[phase.ordinal()];
    }

    @Override
    public String toString() {
        return name;
    }
}
