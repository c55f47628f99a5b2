package dev.commithooks.storage;

import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Product;
import dev.commithooks.fixture.TestDatabase;

/** Graphs on SQLite. */
@Database(on = Product.SQLITE)
class GraphOnSqliteTest extends GraphContract {

    GraphOnSqliteTest(TestDatabase database) {
        super(database);
    }
}
