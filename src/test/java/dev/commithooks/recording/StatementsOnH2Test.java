package dev.commithooks.recording;

import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Product;
import dev.commithooks.fixture.TestDatabase;

@Database(on = Product.H2)
class StatementsOnH2Test extends PortableStatementContract {

    StatementsOnH2Test(TestDatabase database) {
        super(database);
    }
}
