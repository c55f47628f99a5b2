package dev.commithooks.storage;

import java.util.HashMap;
import java.util.Map;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.ForeignKey;
import org.jooq.Record;
import org.jooq.SQLDialect;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL's knowledge of tables that generated code does not have, asked once a table and only when needed. Of any other
 * database nothing is known.
 */
final class Catalogue {

    /**
     * A rule or a trigger before the insert may swallow a row, or change its key. With row security, or without the right to
     * read, hooks do not hear of statements.
     */
    private static final String TAKES_ROWS_AS_GIVEN = """
            select c.relkind in ('r', 'p') and not c.relhasrules and not c.relrowsecurity
                and has_table_privilege(c.oid, 'select') and not exists (
                select from pg_trigger t
                where t.tgrelid = c.oid and not t.tgisinternal and t.tgtype & 2 = 2 and t.tgtype & 4 = 4)
            from pg_class c
            where c.oid = to_regclass(?)
            """;

    /** Whoever may insert need not be allowed to use the sequence of an identity. */
    private static final String COLUMNS = """
            select a.attname, a.atttypid::regtype::text, case
                when a.attgenerated <> '' or a.attidentity = 'a' then null
                when a.attidentity = 'd' then
                    case when has_sequence_privilege(s.name, 'usage') then 'nextval(' || quote_literal(s.name) || ')' end
                else pg_get_expr(d.adbin, d.adrelid)
            end
            from pg_attribute a
            left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
            cross join lateral (
                select case when a.attidentity = 'd' then pg_get_serial_sequence(?, a.attname) end) s (name)
            where a.attrelid = to_regclass(?) and a.attnum > 0 and not a.attisdropped
            """;

    private static final String CONSTRAINT = """
            select condeferrable, condeferred from pg_constraint where conrelid = to_regclass(?) and conname = ? and contype = 'f'
            """;

    private final DSLContext dsl;
    private final boolean isPostgres;
    private final Map<Table<?>, Boolean> takesRowsAsGiven = new HashMap<>();
    private final Map<Table<?>, Map<String, Column>> columns = new HashMap<>();
    private final Map<ForeignKey<?, ?>, Deferral> deferrals = new HashMap<>();

    /**
     * A column as the database has it.
     *
     * @param type its type's name, without length and precision
     * @param expression makes its value where an INSERT gives none; null where it cannot be evaluated beforehand
     */
    private record Column(String type, @Nullable String expression) {}

    /** A foreign key constraint's checking time. */
    enum Deferral {
        NEVER,
        ON_DEMAND,
        INITIALLY
    }

    Catalogue(Configuration configuration) {
        this.dsl = configuration.dsl();
        this.isPostgres = configuration.family() == SQLDialect.POSTGRES;
    }

    boolean isPostgres() {
        return isPostgres;
    }

    /** Whether an INSERT puts into the table exactly the rows it was given. */
    boolean takesRowsAsGiven(Table<?> table) {
        return isPostgres
                && takesRowsAsGiven.computeIfAbsent(table, asked -> {
                    Record answer = dsl.fetchOne(TAKES_ROWS_AS_GIVEN, nameOf(asked));
                    return answer != null && Boolean.TRUE.equals(answer.get(0, Boolean.class));
                });
    }

    /** The expression that makes a column's value where an INSERT gives none; null where it cannot be evaluated beforehand. */
    @Nullable
    String defaultOf(Table<?> table, Field<?> field) {
        Column column = columnOf(table, field);
        return column == null ? null : column.expression();
    }

    /** The name of a column's type, without length and precision; null where it is not known. */
    @Nullable
    String typeOf(Table<?> table, Field<?> field) {
        Column column = columnOf(table, field);
        return column == null ? null : column.type();
    }

    private @Nullable Column columnOf(Table<?> table, Field<?> field) {
        return isPostgres ? columns.computeIfAbsent(table, this::columnsOf).get(field.getName()) : null;
    }

    private Map<String, Column> columnsOf(Table<?> table) {
        Map<String, Column> found = new HashMap<>();
        dsl.fetch(COLUMNS, nameOf(table), nameOf(table))
                .forEach(column -> found.put(
                        column.get(0, String.class),
                        new Column(column.get(1, String.class), column.get(2, String.class))));
        return found;
    }

    Deferral deferralOf(ForeignKey<?, ?> key) {
        if (!isPostgres) {
            return Deferral.NEVER;
        }
        return deferrals.computeIfAbsent(key, asked -> {
            Record answer = dsl.fetchOne(CONSTRAINT, nameOf(asked.getTable()), asked.getName());
            if (answer == null || !answer.get(0, Boolean.class)) {
                return Deferral.NEVER;
            }
            return answer.get(1, Boolean.class) ? Deferral.INITIALLY : Deferral.ON_DEMAND;
        });
    }

    /** The table's name as it is rendered into statements: quoted, and under its mapped schema. */
    private String nameOf(Table<?> table) {
        return dsl.render(table);
    }
}
