package bookshop;

import org.jooq.DSLContext;
import org.jooq.ExecuteContext;
import org.jooq.SQLDialect;
import org.jooq.conf.RenderQuotedNames;
import org.jooq.conf.Settings;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** SQL as short as a person can read it. */
final class Statements {

    private static final DSLContext PLAIN = DSL.using(
            SQLDialect.POSTGRES,
            new Settings().withRenderSchema(false).withRenderQuotedNames(RenderQuotedNames.EXPLICIT_DEFAULT_UNQUOTED));

    private Statements() {}

    static String text(ExecuteContext ctx) {
        if (ctx.query() != null) {
            return shorten(PLAIN.renderInlined(ctx.query()));
        }
        return shorten(ctx.batchSQL()[0].replaceAll("\"(public\"\\.\")?", "")) + ", as a batch";
    }

    private static String shorten(String sql) {
        return sql.replaceAll(" returning .*", "")
                .replaceAll("cast\\((.*?) as [^)]*\\)", "$1")
                .replaceAll("'[0-9a-f]{8}-[-0-9a-f]{27}'", "'…'")
                .replaceAll("insert into (\\w+) \\(.*?\\) values", "insert $1")
                .replaceAll("select .*? from", "select … from")
                .replaceAll("join (\\w+) on .*? where", "join $1 where")
                .replaceAll("delete from", "delete")
                .replaceAll("\\b(author|book|customer|purchase|purchase_line|stock)\\.", "");
    }

    static String firstLine(@Nullable Throwable failure) {
        return failure == null
                ? ""
                : String.valueOf(failure.getMessage()).split("\n", 2)[0].replace("ERROR: ", "");
    }
}
