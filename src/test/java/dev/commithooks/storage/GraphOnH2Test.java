package dev.commithooks.storage;

import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Product;
import dev.commithooks.fixture.TestDatabase;

/** Graphs on H2. */
@Database(on = Product.H2)
class GraphOnH2Test extends GraphContract {

    GraphOnH2Test(TestDatabase database) {
        super(database);
    }
}
