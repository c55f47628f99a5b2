package dev.commithooks.storage;

import static dev.commithooks.bookshop.press.Keys.HOUSE_NAME_KEY;
import static dev.commithooks.bookshop.press.Tables.HOUSE;
import static dev.commithooks.storage.AnyDatabase.house;
import static dev.commithooks.storage.Resolved.Origin.CREATED;
import static dev.commithooks.storage.Resolved.Origin.FOUND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.press.tables.records.HouseRecord;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.transaction.IsolationLevel;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Find-or-create on MariaDB, by its own driver or by MySQL's. */
@Database
@EnabledIfSystemProperty(
        named = "commithooks.test.database",
        matches = "mariadb|mysql",
        disabledReason = "needs a MariaDB server: say -Dcommithooks.test.database=mariadb, or mysql for MySQL's driver")
class KeyOnMariaDbTest extends KeyContract {

    private final TestDatabase database;

    KeyOnMariaDbTest(TestDatabase database) {
        super(database);
        this.database = database;
    }

    @Test
    void collationDecidesWhichKeysAreEqual() {
        Storage storage = Storage.on(CommitHooks.builder().build().attachTo(database.dsl(database.pool(2))));
        database.dsl().execute("alter table house modify name varchar(255) collate utf8mb4_general_ci not null");
        try {
            storage.findOrCreate(HOUSE_NAME_KEY, house("ACE"));

            List<Resolved<HouseRecord>> resolved = storage.findOrCreateAll(
                    HOUSE_NAME_KEY, List.of(house("ace"), house("Gollancz"), house("GOLLANCZ")));

            assertThat(resolved)
                    .extracting(one -> one.row().getName().toLowerCase(Locale.ROOT))
                    .containsExactly("ace", "gollancz", "gollancz");
            assertThat(resolved).extracting(Resolved::origin).containsExactlyInAnyOrder(FOUND, CREATED, FOUND);
            assertThat(database.dsl().fetchCount(HOUSE)).isEqualTo(2);
        } finally {
            database.dsl().execute("alter table house modify name varchar(255) not null");
            database.reset();
        }
    }

    @Override
    List<IsolationLevel> levels() {
        return List.of(IsolationLevel.READ_COMMITTED, IsolationLevel.REPEATABLE_READ, IsolationLevel.SERIALIZABLE);
    }
}
