package dev.commithooks.testkit;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.hook.AfterCommitHooks;
import dev.commithooks.testing.Finding.Kind;
import dev.commithooks.testing.FrozenCall;
import dev.commithooks.testing.HookJournal;
import dev.commithooks.testing.LeftBehindError;
import dev.commithooks.testing.RolledBackDatabase;
import dev.commithooks.testing.RolledBackOptions;
import dev.commithooks.testing.TestTransaction;
import dev.commithooks.testing.Verdict;
import dev.commithooks.transaction.IsolationLevel;
import dev.commithooks.transaction.Outcome;
import dev.commithooks.transaction.TransactionInDoubtException;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.conf.RenderNameCase;
import org.jooq.conf.Settings;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The promises of a rolled-back test on databases that are not PostgreSQL. */
abstract class RolledBackContract {

    private final HookJournal journal = new HookJournal();
    private RolledBackDatabase rolledBack;
    private DSLContext dsl;
    private TestTransaction test;

    /** The real database, with a table {@code account}; what is in it stays. */
    abstract DataSource database();

    abstract SQLDialect dialect();

    /** Whether DDL is a part of the transaction. */
    abstract boolean keepsSchemaInTransaction();

    /** What the table is made with. */
    static String table(String id, String quote) {
        return "create table \"account\" (\"id\" %s, \"owner\" varchar(80) not null unique, \"balance\" numeric(12, 2) default 0 not null)"
                .formatted(id)
                .replace("\"", quote);
    }

    @BeforeEach
    void rollBack() throws SQLException {
        execute(database(), "delete from " + name("account"));
        rolledBack = RolledBackDatabase.over(database());
        dsl = on(rolledBack);
    }

    @AfterEach
    void close() {
        if (test != null) {
            catchThrowable(test::close); // where its own test has failed before that
        }
    }

    private DSLContext on(RolledBackDatabase data) {
        return journal.installIn(CommitHooks.builder().register(ACCOUNT, new AfterCommitHooks<AccountRecord>() {
                    @Override
                    public void afterCommitInsert(
                            dev.commithooks.change.Inserted<AccountRecord> account,
                            dev.commithooks.hook.HookContext ctx) {
                        // the journal notes it
                    }
                }))
                .build()
                .attachTo(plain(data.dataSource()));
    }

    private DSLContext plain(DataSource data) {
        return DSL.using(
                data, dialect(), new Settings().withRenderSchema(false).withRenderNameCase(RenderNameCase.AS_IS));
    }

    String name(String identifier) {
        return plain(database()).render(DSL.name(identifier));
    }

    private List<String> owners(DataSource data) {
        return plain(data)
                .select(ACCOUNT.OWNER)
                .from(ACCOUNT)
                .orderBy(ACCOUNT.OWNER)
                .fetch(ACCOUNT.OWNER);
    }

    private static void store(DSLContext by, String owner) {
        AccountRecord account = by.newRecord(ACCOUNT);
        account.setOwner(owner);
        account.setBalance(BigDecimal.ONE);
        account.store();
    }

    private List<String> told() {
        return journal.after(ACCOUNT).inserted().stream()
                .map(account -> account.row().getOwner())
                .toList();
    }

    static void execute(DataSource data, String sql) throws SQLException {
        try (Connection connection = data.getConnection()) {
            execute(connection, sql);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void hooksFireAsIfCommittedAndNothingStays() {
        try (TestTransaction running = rolledBack.begin("test")) {
            dsl.transaction(tx -> {
                store(tx.dsl(), "ann");
                assertThat(told()).isEmpty();
                tx.dsl().transaction(nested -> store(nested.dsl(), "bob"));
                catchThrowable(() -> tx.dsl().transaction(nested -> {
                    store(nested.dsl(), "cid");
                    throw new IllegalStateException("cid's");
                }));
            });
            store(dsl, "dan");
            catchThrowable(() -> dsl.transaction(tx -> {
                store(tx.dsl(), "eve");
                throw new IllegalStateException("eve's");
            }));

            assertThat(told()).containsExactly("ann", "bob", "dan");
            assertThat(owners(rolledBack.dataSource())).containsExactly("ann", "bob", "dan");
            assertThat(running.findings()).isEmpty();
        }
        assertThat(owners(database())).isEmpty();
    }

    @Test
    void statementThatFailsInAutocommitModeUndoesItselfOnly() {
        try (TestTransaction running = rolledBack.begin("test")) {
            store(dsl, "ann");
            assertThatThrownBy(() -> store(dsl, "ann")).isInstanceOf(DataAccessException.class);
            store(dsl, "bob");

            assertThat(owners(rolledBack.dataSource())).containsExactly("ann", "bob");
            assertThat(told()).containsExactly("ann", "bob");
            assertThat(running.findings()).isEmpty();
        }
    }

    @Test
    void rowsThatAnAutocommittedStatementReturnsCanBeReadAndTheNextRollbackLeavesThem() {
        try (TestTransaction running = rolledBack.begin("test")) {
            Long id = dsl.insertInto(ACCOUNT, ACCOUNT.OWNER)
                    .values("ann")
                    .returningResult(ACCOUNT.ID)
                    .fetchSingle()
                    .value1();
            catchThrowable(() -> dsl.transaction(tx -> {
                store(tx.dsl(), "bob");
                throw new IllegalStateException();
            }));

            assertThat(dsl.fetchSingle(ACCOUNT).getId()).isEqualTo(id);
            assertThat(running.findings()).isEmpty();
        }
    }

    @Test
    void plainJdbcHasItsSavepointsBySqlAndByMethod() throws Exception {
        try (TestTransaction running = rolledBack.begin("test");
                Connection connection = rolledBack.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            insert(connection, "ann");
            Savepoint savepoint = connection.setSavepoint();
            insert(connection, "bob");
            connection.rollback(savepoint);
            execute(connection, "savepoint by_sql");
            insert(connection, "cid");
            execute(connection, "rollback to savepoint by_sql");
            insert(connection, "dan");
            connection.commit();
            insert(connection, "eve");
            execute(connection, "rollback");
            connection.setAutoCommit(true);

            assertThat(owners(rolledBack.dataSource())).containsExactly("ann", "dan");
            assertThat(running.findings()).isEmpty();
        }
        assertThat(owners(database())).isEmpty();
    }

    private void insert(Connection connection, String owner) throws SQLException {
        execute(connection, "insert into " + name("account") + " (" + name("owner") + ") values ('" + owner + "')");
    }

    @Test
    void savepointOfAnEndedTransactionIsRefused() throws Exception {
        try (TestTransaction running = rolledBack.begin("test");
                Connection connection = rolledBack.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            insert(connection, "ann");
            Savepoint savepoint = connection.setSavepoint();
            connection.commit();

            assertThatThrownBy(() -> connection.rollback(savepoint)).hasMessageContaining("has ended");
            assertThatThrownBy(() -> execute(connection, "rollback to savepoint never_set"))
                    .isInstanceOf(SQLException.class);
            connection.rollback();
            connection.setAutoCommit(true);
            assertThat(owners(rolledBack.dataSource())).containsExactly("ann");
            assertThat(running.findings()).isEmpty();
        }
    }

    @Test
    void refusedCommitIsRolledBackAndAStatementFailsInPlace() {
        try (TestTransaction running = rolledBack.begin("test")) {
            running.faults().failNextCommit("40001");
            assertThatThrownBy(() -> dsl.transaction(tx -> store(tx.dsl(), "ann")))
                    .isInstanceOf(DataAccessException.class)
                    .isNotInstanceOf(TransactionInDoubtException.class);
            running.faults().failStatement("account", "23505");
            assertThatThrownBy(() -> store(dsl, "bob"))
                    .isInstanceOf(DataAccessException.class)
                    .hasStackTraceContaining("failStatement(account, 23505)");
            store(dsl, "cid");

            assertThat(told()).containsExactly("cid");
            assertThat(owners(rolledBack.dataSource())).containsExactly("cid");
        }
    }

    @Test
    void frozenStatementIsExecutedWhenItIsReleased() throws Exception {
        try (TestTransaction running = rolledBack.begin("test")) {
            store(dsl, "ann"); // what hooks ask about a table they ask once, in the transaction that writes to it first
            FrozenCall frozen = running.faults().freezeStatement("insert into");
            FutureTask<Void> storing = onAThread(() -> dsl.transaction(tx -> store(tx.dsl(), "bob")));
            frozen.awaitReached(Duration.ofSeconds(60));

            assertThat(owners(rolledBack.dataSource())).containsExactly("ann");
            assertThat(told()).containsExactly("ann");
            frozen.release();
            storing.get();
            assertThat(told()).containsExactly("ann", "bob").containsExactlyElementsOf(owners(rolledBack.dataSource()));
            assertThat(running.findings()).isEmpty();
        }
    }

    @Test
    void frozenStatementThatIsCancelledIsGivenUp() throws Exception {
        try (TestTransaction running = rolledBack.begin("test");
                Connection connection = rolledBack.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            store(dsl, "ann");
            FrozenCall frozen = running.faults().freezeStatement("delete");
            FutureTask<Void> deleting = onAThread(() -> statement.executeUpdate("delete from " + name("account")));
            frozen.awaitReached(Duration.ofSeconds(60));
            statement.cancel();

            assertThatThrownBy(deleting::get).hasRootCauseInstanceOf(SQLException.class);
            assertThat(owners(rolledBack.dataSource())).containsExactly("ann");
            assertThat(running.findings()).isEmpty();
        }
    }

    private interface Work {
        void run() throws Exception;
    }

    private static FutureTask<Void> onAThread(Work work) {
        FutureTask<Void> task = new FutureTask<>(() -> {
            work.run();
            return null;
        });
        new Thread(task).start();
        return task;
    }

    @Test
    void lostAnswerIsInDoubtAndCarriedOutOrNot() {
        try (TestTransaction running = rolledBack.begin("test")) {
            running.faults().loseTheAnswerOfTheNextCommit(Outcome.COMMITTED);
            assertThatThrownBy(() -> dsl.transaction(tx -> store(tx.dsl(), "ann")))
                    .isInstanceOf(TransactionInDoubtException.class);
            running.faults().loseTheAnswerOfTheNextCommit(Outcome.ROLLED_BACK);
            assertThatThrownBy(() -> dsl.transaction(tx -> store(tx.dsl(), "bob")))
                    .isInstanceOf(TransactionInDoubtException.class);

            assertThat(told()).isEmpty();
            assertThat(owners(rolledBack.dataSource())).containsExactly("ann");
        }
    }

    @Test
    void schemaIsChangedWithinTheTestOrRefusedBeforeAnythingIsSent() throws Exception {
        try (TestTransaction running = rolledBack.begin("test")) {
            store(dsl, "ann");
            if (keepsSchemaInTransaction()) {
                dsl.execute("create table scratch (id int)");
                dsl.execute("insert into scratch values (1)");
            } else {
                for (String ddl : List.of(
                        "create table scratch (id int)",
                        "-- look\n  TRUNCATE TABLE " + name("account"),
                        "drop table " + name("account"))) {
                    assertThatThrownBy(() -> dsl.execute(ddl))
                            .isInstanceOf(DataAccessException.class)
                            .hasStackTraceContaining("would commit the outer transaction of the test")
                            .hasStackTraceContaining("Nothing was sent");
                }
            }
            assertThat(owners(rolledBack.dataSource())).containsExactly("ann");
            assertThat(running.findings()).isEmpty();
        }
        assertThat(owners(database())).isEmpty();
        assertThatThrownBy(() -> execute(database(), "select * from scratch")).isInstanceOf(SQLException.class);
    }

    @Test
    void transactionEndedOnTheDriversOwnConnectionIsFoundAtTheEnd() throws Exception {
        test = rolledBack.begin("test");
        store(dsl, "ann");
        try (Connection connection = rolledBack.dataSource().getConnection()) {
            execute(connection.unwrap(driver()), "commit");
        }

        assertThatThrownBy(test::close)
                .isInstanceOf(LeftBehindError.class)
                .hasMessageContaining("the outer transaction was ended");
    }

    /** The class of the driver's connections. */
    abstract Class<? extends Connection> driver();

    @Test
    void fixtureIsKeptForTheTestsWithinIt() {
        try (TestTransaction fixture = rolledBack.begin("fixture")) {
            store(dsl, "ann");
            for (String owner : List.of("bob", "cid")) {
                try (TestTransaction running = fixture.nest(owner)) {
                    store(dsl, owner);
                    assertThat(owners(rolledBack.dataSource())).containsExactly("ann", owner);
                    assertThat(running.findings()).isEmpty();
                }
            }
            assertThat(owners(rolledBack.dataSource())).containsExactly("ann");
        }
        assertThat(owners(database())).isEmpty();
    }

    @Test
    void commitWithinATransactionThatIsRolledBackIsFound() {
        test = rolledBack.begin("test");
        catchThrowable(() -> dsl.transaction(tx -> {
            store(tx.dsl(), "bob");
            store(dsl, "ann");
            throw new IllegalStateException();
        }));

        assertThat(owners(rolledBack.dataSource())).isEmpty();
        assertThatThrownBy(test::close)
                .isInstanceOf(LeftBehindError.class)
                .hasMessageContaining("was undone by its rollback");
    }

    @Test
    void isolationIsTheOuterOnesAndIsGivenBack() throws Exception {
        List<Connection> real = new ArrayList<>();
        int before;
        try (Connection connection = database().getConnection()) {
            before = connection.getTransactionIsolation();
        }
        RolledBackDatabase serializable = RolledBackDatabase.over(
                dataSource(() -> {
                    Connection connection = database().getConnection();
                    real.add(connection);
                    return new org.jooq.tools.jdbc.DefaultConnection(connection) {
                        @Override
                        public void close() {}
                    };
                }),
                RolledBackOptions.defaults().isolation(IsolationLevel.SERIALIZABLE));
        try (TestTransaction running = serializable.begin("test");
                Connection connection = serializable.dataSource().getConnection()) {
            insert(connection, "ann");
            assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_SERIALIZABLE);
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_UNCOMMITTED);
            assertThatThrownBy(() -> insert(connection, "bob")).hasMessageContaining("asks for read uncommitted");
            assertThat(running.findings()).isEmpty();
        }
        try (Connection connection = real.get(0)) {
            assertThat(connection.getTransactionIsolation()).isEqualTo(before);
            assertThat(connection.getAutoCommit()).isTrue();
        }
    }

    private static DataSource dataSource(Opening opening) {
        return new org.springframework.jdbc.datasource.AbstractDataSource() {
            @Override
            public Connection getConnection() throws SQLException {
                return opening.open();
            }

            @Override
            public Connection getConnection(String user, String password) throws SQLException {
                return opening.open();
            }
        };
    }

    private interface Opening {
        Connection open() throws SQLException;
    }

    @Test
    void randomTestsLeaveTheDatabaseAsItWas() throws Exception {
        execute(database(), "insert into " + name("account") + " (" + name("owner") + ") values ('somebody')");
        Random random = new Random(20_261_128);
        for (int i = 0; i < 30; i++) {
            HookJournal captured;
            int expected;
            try (TestTransaction running = rolledBack.begin("test " + i)) {
                int[] committed = {0};
                captured = journal.capture(() -> {
                    for (int step = 0; step < 5; step++) {
                        committed[0] += step(random, "t" + step);
                    }
                });
                expected = committed[0];
                assertThat(owners(rolledBack.dataSource())).hasSize(1 + expected);
                assertThat(running.findings()).isEmpty();
            }
            assertThat(captured.after(ACCOUNT).inserted()).hasSize(expected);
            assertThat(owners(database())).containsExactly("somebody");
        }
    }

    private int step(Random random, String owner) {
        switch (random.nextInt(4)) {
            case 0 -> store(dsl, owner);
            case 1 -> dsl.transaction(tx -> store(tx.dsl(), owner));
            case 2 -> {
                catchThrowable(() -> dsl.transaction(tx -> {
                    store(tx.dsl(), owner);
                    throw new IllegalStateException();
                }));
                return 0;
            }
            default -> {
                int[] inner = {1};
                dsl.transaction(tx -> {
                    store(tx.dsl(), owner);
                    catchThrowable(() -> tx.dsl().transaction(nested -> {
                        store(nested.dsl(), owner + "n");
                        if (random.nextBoolean()) {
                            throw new IllegalStateException();
                        }
                        inner[0]++;
                    }));
                });
                return inner[0];
            }
        }
        return 1;
    }

    @Test
    void verdictsOnUncommittedRowsAreAsEver() {
        RolledBackDatabase strict = RolledBackDatabase.over(
                database(), RolledBackOptions.defaults().on(Kind.UNCOMMITTED_ROWS, Verdict.FAIL));
        DSLContext own = on(strict);
        test = strict.begin("test");
        own.transaction(tx -> {
            store(tx.dsl(), "ann");
            assertThat(owners(strict.dataSource())).containsExactly("ann");
        });

        assertThatThrownBy(test::close).hasMessageContaining("it could see rows that really it cannot");
    }
}
