package dev.commithooks.faults;

import static dev.commithooks.faults.Told.owners;
import static dev.commithooks.faults.Told.store;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Product;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.transaction.TransactionInDoubtException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.junit.jupiter.api.Test;

/**
 * Transactions that are controlled by statements at random, through every door that JDBC and jOOQ have: what hooks are told is
 * what is in the database, and nothing is in doubt unless somebody ended the transaction.
 */
@Database
class RandomControlTest {

    private static final int TRANSACTIONS = Integer.getInteger("commithooks.test.controls", 400);

    /** A way to get a text to the server. */
    private interface Door {
        void execute(DSLContext dsl, Connection connection, String sql) throws SQLException;
    }

    private interface WithStatement {
        void run(Statement statement, String sql) throws SQLException;
    }

    private static final List<Door> DOORS = List.of(
            (dsl, connection, sql) -> dsl.execute(sql),
            (dsl, connection, sql) -> dsl.query(sql).execute(),
            (dsl, connection, sql) -> dsl.batch(sql).execute(),
            (dsl, connection, sql) -> dsl.batch("select 1", sql).execute(),
            statement(Statement::execute),
            statement((statement, sql) -> statement.execute(sql, Statement.RETURN_GENERATED_KEYS)),
            statement((statement, sql) -> statement.execute(sql, new String[] {"id"})),
            statement(Statement::executeQuery),
            statement(Statement::executeUpdate),
            statement(Statement::executeLargeUpdate),
            statement((statement, sql) -> {
                statement.addBatch(sql);
                statement.executeBatch();
            }),
            statement((statement, sql) -> {
                statement.addBatch("rollback");
                statement.clearBatch();
                statement.addBatch(sql);
                statement.executeLargeBatch();
            }),
            (dsl, connection, sql) -> {
                try (var statement = connection.prepareStatement(sql)) {
                    statement.execute();
                }
            },
            (dsl, connection, sql) -> {
                try (var statement = connection.prepareStatement(sql)) {
                    statement.executeUpdate();
                }
            },
            (dsl, connection, sql) -> {
                try (var statement = connection.prepareStatement(sql)) {
                    statement.addBatch();
                    statement.executeBatch();
                }
            },
            (dsl, connection, sql) -> {
                try (var statement = connection.prepareCall(sql)) {
                    statement.execute();
                }
            },
            (dsl, connection, sql) -> {
                try (var statement = connection.prepareStatement(sql)) {
                    statement.executeQuery();
                }
            },
            (dsl, connection, sql) -> {
                try (var statement = connection.prepareCall(sql)) {
                    statement.executeLargeUpdate();
                }
            },
            (dsl, connection, sql) -> {
                try (var statement = connection.prepareCall(sql)) {
                    statement.addBatch();
                    statement.executeLargeBatch();
                }
            });

    /** The numbers of those that are a batch of several statements. */
    private static final List<Integer> BATCHES = List.of(3);

    private static Door statement(WithStatement way) {
        return (dsl, connection, sql) -> {
            try (Statement statement = connection.createStatement()) {
                way.run(statement, sql);
            }
        };
    }

    private final TestDatabase database;
    private final DSLContext pool;

    RandomControlTest(TestDatabase database) {
        this.database = database;
        this.pool = database.dsl(database.pool(1));
    }

    @Test
    void whatIsToldIsInTheDatabaseHoweverTheTransactionIsControlled() {
        int inDoubt = 0;
        for (int seed = 0; seed < TRANSACTIONS; seed++) {
            inDoubt += new Round(seed).run() ? 1 : 0;
        }
        assertThat(inDoubt).as("rounds in doubt").isBetween(TRANSACTIONS / 10, TRANSACTIONS * 9 / 10);
    }

    /** One transaction and what became of it. */
    private final class Round {

        private final String prefix;
        private final Random random;
        private final Told told = new Told();
        private final List<String> log = new ArrayList<>();
        private final List<String> written = new ArrayList<>();
        private boolean over;
        private boolean doubtful;
        private boolean ending;
        /** Whether a savepoint may be there that H2 has kept though an earlier one was rolled back to. */
        private boolean mayOutlive;

        private Round(int seed) {
            prefix = "s" + seed + "-";
            random = new Random(seed);
            ending = random.nextBoolean();
        }

        private boolean run() {
            Throwable thrown = catchThrowable(() -> told.attachTo(pool).transaction(this::work));
            log.add("ended with " + thrown);
            List<String> there = owners(database).stream()
                    .filter(owner -> owner.startsWith(prefix))
                    .toList();
            for (String owner : written) {
                List<String> events = told.events().stream()
                        .filter(event -> event.contains(" INSERT " + owner) && !event.startsWith("before"))
                        .toList();
                assertThat(events).as("%s of %s", owner, this).hasSize(1);
                String event = events.get(0);
                if (event.startsWith("inDoubt")) {
                    assertThat(doubtful)
                            .as("%s in doubt for a reason in %s", owner, this)
                            .isTrue();
                } else {
                    assertThat(there.contains(owner))
                            .as("%s is there, told %s, in %s", owner, event, this)
                            .isEqualTo(event.startsWith("after"));
                }
            }
            if (told.events().stream().anyMatch(event -> event.startsWith("inDoubt"))) {
                assertThat(thrown).as(toString()).isNotNull().matches(Round::saysThatItIsInDoubt);
                return true;
            }
            return false;
        }

        private static boolean saysThatItIsInDoubt(Throwable thrown) {
            return thrown instanceof TransactionInDoubtException
                    || Arrays.stream(thrown.getSuppressed()).anyMatch(TransactionInDoubtException.class::isInstance);
        }

        private void work(Configuration tx) {
            tx.dsl().connection(connection -> {
                int steps = 3 + random.nextInt(12);
                for (int step = 0; step < steps && !over; step++) {
                    if (random.nextInt(5) < 2) {
                        write(tx, prefix + step + ".");
                    } else {
                        control(tx, connection);
                    }
                }
            });
        }

        private void write(Configuration tx, String owner) {
            Throwable failure = catchThrowable(() -> store(tx, owner));
            log.add("store " + owner + (failure == null ? "" : " failed"));
            if (failure == null) {
                written.add(owner);
            }
        }

        private void control(Configuration tx, Connection connection) {
            String sql = disguised(statement());
            int door = random.nextInt(DOORS.size());
            Throwable failure = catchThrowable(() -> DOORS.get(door).execute(tx.dsl(), connection, sql));
            doubtful |=
                    failure != null && sql.replace("';commit;'", "").contains("; "); // half of it may have been done
            if (!isPostgres()) {
                boolean isSeveral = sql.replace("';commit;'", "").contains("; ");
                doubtful |= database.product() == Product.SQLITE && isSeveral; // some doors ignore all but the first
                doubtful |= failure != null && BATCHES.contains(door); // of which the rest may have been done
                doubtful |= database.product() == Product.H2
                        && mayOutlive
                        && sql.toLowerCase(Locale.ROOT).contains("rollback to");
                mayOutlive |= sql.toLowerCase(Locale.ROOT).contains("rollback to");
            }
            log.add(door + ": " + sql + (failure == null ? "" : " failed: " + failure.getMessage()));
        }

        private boolean isPostgres() {
            return database.product() == Product.POSTGRESQL;
        }

        private String statement() {
            return isPostgres() ? postgresStatement() : portableStatement();
        }

        private String portableStatement() {
            String name = random.nextBoolean() ? "a" : random.nextBoolean() ? "A" : "b";
            int kind = random.nextInt(ending ? 10 : 8);
            if (kind >= 8) {
                doubtful = true;
                return kind == 8 ? "commit" : "rollback";
            }
            return (kind < 4 ? "savepoint " : kind < 7 ? "rollback to savepoint " : "release savepoint ") + name;
        }

        private String postgresStatement() {
            int kind = random.nextInt(ending ? 14 : 9);
            switch (kind) {
                case 0, 1, 2, 3 -> {
                    return "savepoint " + name();
                }
                case 4, 5, 6 -> {
                    return "rollback to " + (random.nextBoolean() ? "savepoint " : "") + name();
                }
                case 7 -> {
                    return "release " + name();
                }
                case 8 -> {
                    return "savepoint " + name() + "; savepoint " + name();
                }
                case 9 -> doubtful = true;
                default -> doubtful = true;
            }
            if (kind == 9) { // nobody knows which savepoints there are then
                over = true;
                return "savepoint " + name() + "; commit; begin; select nothing from nowhere";
            }
            return List.of("commit", "end and chain", "rollback", "abort work and chain")
                    .get(kind - 10);
        }

        /** A savepoint's name, spelled in one of many ways. */
        private String name() {
            return switch (random.nextInt(6)) {
                case 0 -> "b";
                case 1 -> "\"B\"";
                case 2 -> "U&\"\\0061\"";
                case 3 -> "u&\"!0062\" uescape '!'";
                case 4 -> "\"a\"";
                default -> "A";
            };
        }

        private String disguised(String sql) {
            return switch (random.nextInt(5)) {
                case 0 -> "/* commit; /* select */ */ " + sql;
                case 1 -> sql.contains("\"") ? sql + ";" : sql.toUpperCase(Locale.ROOT);
                case 2 -> "\n\t" + sql + " -- rollback";
                case 3 -> "select ';commit;'; " + sql;
                default -> sql;
            };
        }

        @Override
        public String toString() {
            return "transaction " + prefix + ": " + log + ", told " + told.events();
        }
    }
}
