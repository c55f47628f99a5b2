package dev.commithooks.engine.capture;

import org.jooq.Configuration;
import org.jooq.DDLQuery;
import org.jooq.DMLQuery;
import org.jooq.ExecuteContext;
import org.jooq.Merge;
import org.jooq.Query;
import org.jooq.ResultQuery;
import org.jooq.Select;
import org.jooq.Table;
import org.jooq.conf.Settings;
import org.jooq.conf.SettingsTools;
import org.jooq.conf.StatementType;
import org.jooq.impl.QOM;
import org.jspecify.annotations.Nullable;

/**
 * What a query is, as far as its class tells, of which it is remembered. jOOQ's queries implement dozens of interfaces, and to be
 * asked in vain for one costs the JVM a search through all of them: for each statement five such searches took longer than
 * everything else that is done for it here.
 */
enum StatementKind {
    SELECT(Select.class, true),
    INSERT(QOM.Insert.class, true),
    UPDATE(QOM.Update.class, true),
    DELETE(QOM.Delete.class, true),
    TRUNCATE(QOM.Truncate.class, false),
    /** MERGE; of a record's operation, its insert-or-update. */
    MERGE(Merge.class, true),
    /** Other DML that is made with jOOQ's API. */
    OTHER_DML(DMLQuery.class, true),
    /** A query of which there is the text. */
    PLAIN_QUERY(ResultQuery.class, true),
    DDL(DDLQuery.class, false),
    /** Plain SQL, transaction control, procedures. */
    OTHER(Object.class, false);

    private static final StatementKind[] VALUES = values();

    /** Ordinals: a constant would keep this class' loader alive for as long as jOOQ's. */
    private static final ClassValue<Integer> ORDINALS = new ClassValue<>() {
        @Override
        protected Integer computeValue(Class<?> queryClass) {
            int ordinal = 0;
            while (!VALUES[ordinal].type.isAssignableFrom(queryClass)) {
                ordinal++;
            }
            return ordinal;
        }
    };

    private final Class<?> type;
    private final boolean isAboutRows;

    StatementKind(Class<?> type, boolean isAboutRows) {
        this.type = type;
        this.isAboutRows = isAboutRows;
    }

    static StatementKind of(Query query) {
        return VALUES[ORDINALS.get(query.getClass())];
    }

    /**
     * The kind of a query that a record's insert, update, merge or delete, which this is, may have made; null if it has not. An
     * insert-or-update is an INSERT, or with optimistic locking a plain insert or update.
     */
    @Nullable
    StatementKind ofOwn(@Nullable Query query, Table<?> table, Configuration configuration) {
        if (query == null || query.configuration() != configuration) {
            return null;
        }
        StatementKind its = of(query);
        boolean isOwn = its == this || this == MERGE && (its == INSERT || its == UPDATE);
        return isOwn && its.written(query) == table ? its : null;
    }

    /**
     * The table that a query of this kind writes; null where the query object model does not tell, or knows its name only, and where
     * none is written.
     */
    @Nullable
    Table<?> target(Query query) {
        Table<?> table = written(query);
        return table == null || isKnownByNameOnly(table) ? null : table;
    }

    private @Nullable Table<?> written(Query query) {
        return switch (this) {
            case INSERT -> ((QOM.Insert<?>) query).$into();
            case UPDATE -> ((QOM.Update<?>) query).$table();
            case DELETE -> ((QOM.Delete<?>) query).$from();
            default -> null;
        };
    }

    /** Whether a table has no columns, as {@code DSL.table("book")} and those of parsed SQL: it is whichever its name means. */
    static boolean isKnownByNameOnly(Table<?> table) {
        return table.fieldsRow().size() == 0;
    }

    /** Whether the text says what it writes where {@link #target} does not. */
    boolean isToldByText() {
        return isText() || this == INSERT || this == UPDATE || this == DELETE;
    }

    /** Whether there is nothing but the text to say what it writes: of plain SQL, and of jOOQ's own MERGE before 3.20. */
    boolean isText() {
        return this == MERGE || this == PLAIN_QUERY || this == OTHER;
    }

    /** Whether it may have DML in its common table expressions. */
    boolean mayWriteInside(Query query) {
        return switch (this) {
            case SELECT -> ((Select<?>) query).$with() != null || hasDeltaTable((Select<?>) query);
            case INSERT -> ((QOM.Insert<?>) query).$with() != null;
            case UPDATE -> ((QOM.Update<?>) query).$with() != null;
            case DELETE -> ((QOM.Delete<?>) query).$with() != null;
            case MERGE, PLAIN_QUERY, OTHER -> true;
            case TRUNCATE, OTHER_DML, DDL -> false;
        };
    }

    private static boolean hasDeltaTable(Select<?> select) {
        for (Table<?> table : select.$from()) {
            if (table instanceof QOM.DataChangeDeltaTable) {
                return true;
            }
        }
        return false;
    }

    /** Whether it reads or writes rows, and so does not control the transaction. */
    boolean isAboutRows() {
        return isAboutRows;
    }

    /** The statement's text without the values that jOOQ may have put into it, which are nobody's business in a log. */
    static @Nullable String shape(ExecuteContext ctx, Query query, @Nullable String sql) {
        boolean hasValues = ctx.batchMode() == ExecuteContext.BatchMode.MULTIPLE
                || ctx.settings().getStatementType() == StatementType.STATIC_STATEMENT;
        return hasValues ? withPlaceholders(ctx, query) : sql;
    }

    /** Asked for it, the query would put its values into the text all the same where the settings say so. */
    private static String withPlaceholders(ExecuteContext ctx, Query query) {
        Settings prepared = SettingsTools.clone(ctx.settings()).withStatementType(StatementType.PREPARED_STATEMENT);
        return ctx.configuration().derive(prepared).dsl().render(query);
    }
}
