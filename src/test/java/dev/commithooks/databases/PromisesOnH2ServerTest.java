package dev.commithooks.databases;

import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Product;
import dev.commithooks.fixture.TestDatabase;

@Database(on = Product.H2_SERVER)
class PromisesOnH2ServerTest extends PromiseContract {

    PromisesOnH2ServerTest(TestDatabase database) {
        super(database);
    }
}
