package dev.commithooks.testkit;

import dev.commithooks.CommitHooks;
import dev.commithooks.CommitHooksBuilder;
import dev.commithooks.bookshop.shop.Tables;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.hook.HookOptions;
import dev.commithooks.junit.TestedApplication;
import dev.commithooks.testing.Finding.Kind;
import dev.commithooks.testing.HookJournal;
import dev.commithooks.testing.RolledBackOptions;
import dev.commithooks.testing.Verdict;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;

/** A small application with hooks on authors, for tests of the extension. */
public final class ShopApplication implements TestedApplication {

    /** Lives as long as the JVM: the tests of it leave nothing there. */
    static final TestDatabase DATABASE = TestDatabase.create();

    static CommitHooksBuilder hooks() {
        return CommitHooks.builder()
                .on(
                        Tables.AUTHOR,
                        HookOptions.named("first"),
                        on -> on.afterCommitInsert((author, ctx) -> {}).failedCommitInsert((author, ctx) -> {}))
                .on(Tables.AUTHOR, HookOptions.named("second"), on -> on.afterCommitInsert((author, ctx) -> {}));
    }

    static void author(DSLContext dsl, String name) {
        var author = dsl.newRecord(Tables.AUTHOR);
        author.setName(name);
        author.store();
    }

    @Override
    public DataSource database() {
        return DATABASE.realDataSource();
    }

    @Override
    public DSLContext dsl(DataSource dataSource, HookJournal journal) {
        return journal.installIn(hooks()).build().attachTo(DSL.using(dataSource, SQLDialect.POSTGRES));
    }

    @Override
    public RolledBackOptions options() {
        return RolledBackOptions.defaults().on(Kind.UNUSED, Verdict.FAIL);
    }
}
