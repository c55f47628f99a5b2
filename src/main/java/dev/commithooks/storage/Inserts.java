package dev.commithooks.storage;

import dev.commithooks.CommitHooks;
import dev.commithooks.policy.Recording;
import dev.commithooks.row.ChangedFields;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Insert;
import org.jooq.InsertValuesStepN;
import org.jooq.Record;
import org.jooq.RecordListenerProvider;
import org.jooq.Result;
import org.jooq.Table;
import org.jooq.UpdatableRecord;
import org.jooq.conf.Settings;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/**
 * Inserts of many new records, by as few statements as leave every record exactly as its own {@code store()} would.
 *
 * <p>Keys that the database makes are asked for beforehand, by evaluating the columns' own defaults, so that each record has its
 * key before it is sent, and nothing depends on the order in which rows come back. Where that is not exact (a trigger may change
 * the row, a setting wants more columns back, another database) each record is stored by itself.
 */
final class Inserts {

    private static final int ROWS_A_STATEMENT = 1_000;
    private static final int ROWS_WORTH_ARRAYS = 100;
    /** PostgreSQL's protocol takes 65,535; jOOQ inlines above 32,767. */
    private static final int VALUES_A_STATEMENT = 30_000;

    private final Configuration configuration;
    private final DSLContext dsl;
    private final Catalogue catalogue;

    Inserts(Configuration configuration, Catalogue catalogue) {
        this.configuration = configuration;
        this.dsl = configuration.dsl();
        this.catalogue = catalogue;
    }

    /** Records of one table that insert the same columns. */
    private record Group(Table<?> table, BitSet columns) {}

    /** Inserts new records that do not depend on each other. */
    void insert(List<Node> nodes) {
        Map<Group, List<UpdatableRecord<?>>> groups = new LinkedHashMap<>();
        for (Node node : nodes) {
            groups.computeIfAbsent(new Group(node.table(), ChangedFields.of(node.row())), group -> new ArrayList<>())
                    .add(node.row());
        }
        groups.forEach(this::insert);
    }

    private void insert(Group group, List<UpdatableRecord<?>> rows) {
        Set<Field<?>> made = madeByTheDatabase(group);
        if (rows.size() == 1 || !isExact(group.table(), made)) {
            rows.forEach(UpdatableRecord::store);
            return;
        }
        makeKeys(group.table(), made, rows);
        if (isHeardAsRecords(group.table())) {
            dsl.batchInsert(rows).execute();
        } else {
            insertTogether(group, made, rows);
        }
    }

    /** Columns that jOOQ reads back after an INSERT: of the primary key and the identity, those that are not given. */
    private static Set<Field<?>> madeByTheDatabase(Group group) {
        Set<Field<?>> made = new LinkedHashSet<>(
                Objects.requireNonNull(group.table().getPrimaryKey()).getFields());
        if (group.table().getIdentity() != null) {
            made.add(group.table().getIdentity().getField());
        }
        made.removeIf(field -> group.columns().get(group.table().indexOf(field)));
        return made;
    }

    private boolean isExact(Table<?> table, Set<Field<?>> made) {
        Settings settings = configuration.settings();
        return !Boolean.TRUE.equals(settings.isUpdatablePrimaryKeys())
                && !Boolean.TRUE.equals(settings.isExecuteWithOptimisticLocking())
                && !Boolean.TRUE.equals(settings.isReturnAllOnUpdatableRecord())
                && !Boolean.TRUE.equals(settings.isReturnDefaultOnUpdatableRecord())
                && catalogue.takesRowsAsGiven(table)
                && made.stream().allMatch(field -> catalogue.defaultOf(table, field) != null);
    }

    /** Gives one record the part of its key that the database would make. */
    void makeKey(UpdatableRecord<?> row) {
        Set<Field<?>> made = madeByTheDatabase(new Group(row.getTable(), ChangedFields.of(row)));
        made.removeIf(field -> catalogue.defaultOf(row.getTable(), field) == null);
        makeKeys(row.getTable(), made, List.of(row));
    }

    private void makeKeys(Table<?> table, Set<Field<?>> made, Collection<UpdatableRecord<?>> rows) {
        if (made.isEmpty()) {
            return;
        }
        List<Field<?>> defaults = new ArrayList<>();
        for (Field<?> field : made) {
            defaults.add(DSL.field("{0}", field.getDataType(), DSL.sql(catalogue.defaultOf(table, field)))
                    .as(field));
        }
        Result<Record> keys = dsl.select(defaults)
                .from(DSL.sql("generate_series(1, {0})", DSL.inline(rows.size())))
                .fetch();
        int at = 0;
        for (UpdatableRecord<?> row : rows) {
            Record key = keys.get(at++);
            made.forEach(field -> Values.put(row, field, key.get(field)));
        }
    }

    /** Whether somebody hears of records only: a record listener that is not ours, or hooks that want it so. */
    private boolean isHeardAsRecords(Table<?> table) {
        for (RecordListenerProvider provider : configuration.recordListenerProviders()) {
            if (!provider.getClass().getName().startsWith("dev.commithooks.engine.")) {
                return true;
            }
        }
        return CommitHooks.recordingOf(configuration, table)
                .filter(recording -> recording == Recording.RECORDS_ONLY)
                .isPresent();
    }

    private void insertTogether(Group group, Set<Field<?>> made, List<UpdatableRecord<?>> rows) {
        rows.forEach(row -> Values.putVersion(row, configuration));
        List<Field<?>> columns = columnsOf(group, made);
        int atOnce = Math.max(1, Math.min(ROWS_A_STATEMENT, VALUES_A_STATEMENT / Math.max(1, columns.size())));
        for (int from = 0; from < rows.size(); from += atOnce) {
            List<UpdatableRecord<?>> chunk = rows.subList(from, Math.min(rows.size(), from + atOnce));
            insertOf(group.table(), columns, chunk).execute();
            chunk.forEach(row -> row.changed(false));
        }
    }

    /** Arrays are faster by a third; whether they are exact is a question to the database, which few rows are not worth. */
    private Insert<?> insertOf(Table<?> table, List<Field<?>> columns, List<UpdatableRecord<?>> rows) {
        ColumnArrays arrays = rows.size() < ROWS_WORTH_ARRAYS
                ? null
                : ColumnArrays.of(columns, rows, column -> catalogue.typeOf(table, column));
        if (arrays != null) {
            return dsl.insertInto(table).columns(columns).select(arrays.rows());
        }
        InsertValuesStepN<?> insert = dsl.insertInto(table).columns(columns);
        for (UpdatableRecord<?> row : rows) {
            List<@Nullable Object> values = new ArrayList<>(columns.size());
            columns.forEach(column -> values.add(row.get(column)));
            insert = insert.values(values);
        }
        return insert;
    }

    private static List<Field<?>> columnsOf(Group group, Set<Field<?>> made) {
        Set<Field<?>> columns = new LinkedHashSet<>();
        group.columns().stream().forEach(i -> columns.add(group.table().field(i)));
        columns.addAll(made);
        if (group.table().getRecordVersion() != null) {
            columns.add(group.table().getRecordVersion());
        }
        if (group.table().getRecordTimestamp() != null) {
            columns.add(group.table().getRecordTimestamp());
        }
        return new ArrayList<>(columns);
    }
}
