package dev.commithooks.databases;

import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;

/** Promises on the database that the tests were told to take: PostgreSQL, or MariaDB by one of two drivers. */
@Database
class PromisesTest extends PromiseContract {

    PromisesTest(TestDatabase database) {
        super(database);
    }
}
