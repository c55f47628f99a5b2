package dev.commithooks.engine.capture;

import dev.commithooks.engine.capture.AddedColumns.Kind;
import dev.commithooks.engine.capture.Catalogue.Width;
import dev.commithooks.engine.registry.HookedTable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jooq.ExecuteContext;
import org.jooq.conf.RenderNameCase;
import org.jooq.conf.RenderQuotedNames;
import org.jspecify.annotations.Nullable;

/** The columns that statements are made to return, remembered by what decides about them. Thread-safe. */
final class KnownColumns {

    private static final int REMEMBERED = 2_000;

    private record Key(
            HookedTable table,
            Kind kind,
            @Nullable String prefix,
            @Nullable List<Width> widths,
            @Nullable RenderQuotedNames quotes,
            @Nullable RenderNameCase nameCase) {}

    private final Map<Key, AddedColumns> columns = new ConcurrentHashMap<>();

    /**
     * What a statement of this kind is to return.
     *
     * @param widths of the table's columns, where they must have a bound
     * @param prefix what stands before a column's name, where the server does not tell old rows; null where it does
     */
    AddedColumns of(
            ExecuteContext ctx, HookedTable table, Kind kind, @Nullable List<Width> widths, @Nullable String prefix) {
        Key key = new Key(
                table,
                kind,
                prefix,
                widths,
                ctx.settings().getRenderQuotedNames(),
                ctx.settings().getRenderNameCase());
        AddedColumns known = columns.get(key);
        if (known == null) {
            String[] names = names(ctx, table);
            ReturnedColumns row =
                    widths == null ? ReturnedColumns.all(table, names) : ReturnedColumns.ofBatch(table, names, widths);
            known = prefix == null
                    ? AddedColumns.ofBothRows(table, kind, row)
                    : AddedColumns.ofLastRow(table, kind, prefix, row);
            if (columns.size() < REMEMBERED) {
                columns.put(key, known);
            }
        }
        return known;
    }

    /** The table's columns, as they are written in SQL. */
    static String[] names(ExecuteContext ctx, HookedTable table) {
        String[] names = new String[table.fields().length];
        for (int i = 0; i < names.length; i++) {
            names[i] = ctx.dsl().render(table.fields()[i].getUnqualifiedName());
        }
        return names;
    }
}
