package dev.commithooks.recording;

import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Product;
import dev.commithooks.fixture.TestDatabase;

@Database(on = Product.SQLITE)
class StatementsOnSqliteTest extends PortableStatementContract {

    StatementsOnSqliteTest(TestDatabase database) {
        super(database);
    }
}
