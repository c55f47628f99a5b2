package testing;

import database.ExampleDatabase;
import dev.commithooks.junit.TestedApplication;
import dev.commithooks.testing.HookJournal;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;

/** The shop, as its tests need to know it. */
// region: tested-application
public final class ShopApplication implements TestedApplication {

    private final ExampleDatabase database = ExampleDatabase.open();
    private final Set<String> index = new ConcurrentSkipListSet<>();

    @Override
    public DataSource database() {
        return database.dataSource();
    }

    @Override
    public DSLContext dsl(DataSource dataSource, HookJournal journal) {
        return journal.installIn(Shop.hooks(index)).build().attachTo(DSL.using(dataSource, SQLDialect.POSTGRES));
    }
}
// endregion
