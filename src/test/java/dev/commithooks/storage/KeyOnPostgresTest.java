package dev.commithooks.storage;

import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.transaction.IsolationLevel;
import java.util.List;

/** Find-or-create on PostgreSQL. */
@Database
@NeedsRealCommits("several transactions at a time")
class KeyOnPostgresTest extends KeyContract {

    KeyOnPostgresTest(TestDatabase database) {
        super(database);
    }

    @Override
    List<IsolationLevel> levels() {
        return List.of(IsolationLevel.READ_COMMITTED, IsolationLevel.REPEATABLE_READ, IsolationLevel.SERIALIZABLE);
    }

    @Override
    int keys() {
        return 10 * Integer.getInteger("commithooks.race.keys", 15);
    }
}
