package dev.commithooks.storage;

import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Product;
import dev.commithooks.fixture.TestDatabase;

/** Random graphs on H2. */
@Database(on = Product.H2)
class RandomGraphsOnH2Test extends RandomGraphsTest {

    RandomGraphsOnH2Test(TestDatabase database) {
        super(database);
    }
}
