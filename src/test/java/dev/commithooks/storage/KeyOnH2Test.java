package dev.commithooks.storage;

import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Product;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.transaction.IsolationLevel;
import java.util.List;

/** Find-or-create on H2. */
@Database(on = Product.H2)
class KeyOnH2Test extends KeyContract {

    KeyOnH2Test(TestDatabase database) {
        super(database);
    }

    @Override
    List<IsolationLevel> levels() {
        return List.of(IsolationLevel.READ_COMMITTED, IsolationLevel.REPEATABLE_READ, IsolationLevel.SERIALIZABLE);
    }
}
