package dev.commithooks.junit;

import dev.commithooks.testing.HookJournal;
import dev.commithooks.testing.RolledBackOptions;
import javax.sql.DataSource;
import org.jooq.DSLContext;

/**
 * The application under test, as {@link RolledBack} needs to know it. Implementations named by the annotation have a constructor
 * without parameters, and are made once; must be thread-safe where tests run in parallel.
 */
public interface TestedApplication {

    /** The real database: a driver's data source or a pool, with as many connections as tests run in parallel. */
    DataSource database();

    /**
     * The application's {@link DSLContext} on a test's data source, with the application's hooks, and the journal installed in
     * them by {@link HookJournal#installIn}.
     */
    DSLContext dsl(DataSource dataSource, HookJournal journal);

    /** How the tests are rolled back. */
    default RolledBackOptions options() {
        return RolledBackOptions.defaults();
    }
}
