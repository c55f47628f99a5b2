package dev.commithooks.transactions.undo;

import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Product;
import dev.commithooks.fixture.TestDatabase;

/** Random operations on records, on SQLite. */
@Database(on = Product.SQLITE)
class RandomRecordsOnSqliteTest extends RandomRecordsTest {

    RandomRecordsOnSqliteTest(TestDatabase database) {
        super(database);
    }
}
