package dev.commithooks.storage;

import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Product;
import dev.commithooks.fixture.TestDatabase;

/** Random graphs on SQLite. */
@Database(on = Product.SQLITE)
class RandomGraphsOnSqliteTest extends RandomGraphsTest {

    RandomGraphsOnSqliteTest(TestDatabase database) {
        super(database);
    }
}
