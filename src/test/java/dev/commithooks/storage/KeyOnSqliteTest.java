package dev.commithooks.storage;

import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Product;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.transaction.IsolationLevel;
import java.util.Collections;
import java.util.List;

/** Find-or-create on SQLite, which has one isolation level. */
@Database(on = Product.SQLITE)
class KeyOnSqliteTest extends KeyContract {

    KeyOnSqliteTest(TestDatabase database) {
        super(database);
    }

    @Override
    List<IsolationLevel> levels() {
        return Collections.singletonList(null);
    }
}
