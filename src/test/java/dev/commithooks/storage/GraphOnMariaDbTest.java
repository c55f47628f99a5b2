package dev.commithooks.storage;

import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Graphs on MariaDB, by its own driver or by MySQL's. */
@Database
@EnabledIfSystemProperty(
        named = "commithooks.test.database",
        matches = "mariadb|mysql",
        disabledReason = "needs a MariaDB server: say -Dcommithooks.test.database=mariadb, or mysql for MySQL's driver")
class GraphOnMariaDbTest extends GraphContract {

    GraphOnMariaDbTest(TestDatabase database) {
        super(database);
    }
}
