package dev.commithooks.transactions.undo;

import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Product;
import dev.commithooks.fixture.TestDatabase;

/** Random operations on records, on H2. */
@Database(on = Product.H2)
class RandomRecordsOnH2Test extends RandomRecordsTest {

    RandomRecordsOnH2Test(TestDatabase database) {
        super(database);
    }
}
