package dev.commithooks.databases;

import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Product;
import dev.commithooks.fixture.TestDatabase;

@Database(on = Product.H2)
class MergesOnH2Test extends MergesContract {

    MergesOnH2Test(TestDatabase database) {
        super(database);
    }
}
