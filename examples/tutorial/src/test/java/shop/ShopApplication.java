package shop;

import dev.commithooks.junit.TestedApplication;
import dev.commithooks.testing.HookJournal;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;

// region: tutorial-application
/** The shop, as its tests need to know it. */
public final class ShopApplication implements TestedApplication {

    static final ShopHooks HOOKS = new ShopHooks();

    @Override
    public DataSource database() {
        return ShopDatabase.dataSource();
    }

    @Override
    public DSLContext dsl(DataSource dataSource, HookJournal journal) {
        return journal.installIn(HOOKS.inMemory()).build().attachTo(DSL.using(dataSource, SQLDialect.POSTGRES));
    }
}
// endregion
