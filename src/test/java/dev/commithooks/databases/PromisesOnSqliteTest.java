package dev.commithooks.databases;

import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Product;
import dev.commithooks.fixture.TestDatabase;

@Database(on = Product.SQLITE)
class PromisesOnSqliteTest extends PromiseContract {

    PromisesOnSqliteTest(TestDatabase database) {
        super(database);
    }
}
