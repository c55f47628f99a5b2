package dev.commithooks.storage;

import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.transaction.IsolationLevel;
import java.util.List;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Find-or-create on MariaDB, by its own driver or by MySQL's. */
@Database
@EnabledIfSystemProperty(
        named = "commithooks.test.database",
        matches = "mariadb|mysql",
        disabledReason = "needs a MariaDB server: say -Dcommithooks.test.database=mariadb, or mysql for MySQL's driver")
class KeyOnMariaDbTest extends KeyContract {

    KeyOnMariaDbTest(TestDatabase database) {
        super(database);
    }

    @Override
    List<IsolationLevel> levels() {
        return List.of(IsolationLevel.READ_COMMITTED, IsolationLevel.REPEATABLE_READ, IsolationLevel.SERIALIZABLE);
    }
}
