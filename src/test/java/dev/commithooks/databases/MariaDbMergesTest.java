package dev.commithooks.databases;

import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

@Database
@EnabledIfSystemProperty(
        named = "commithooks.test.database",
        matches = "mariadb",
        disabledReason = "needs a MariaDB server and its driver: say -Dcommithooks.test.database=mariadb")
class MariaDbMergesTest extends MergesContract {

    MariaDbMergesTest(TestDatabase database) {
        super(database);
    }
}
