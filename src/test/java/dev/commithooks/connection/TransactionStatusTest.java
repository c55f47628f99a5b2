package dev.commithooks.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.engine.connection.TrackedConnection;
import dev.commithooks.engine.dialect.Dialect;
import dev.commithooks.engine.dialect.TransactionStatus;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.spi.ConnectionState;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.jooq.SQLDialect;
import org.jooq.tools.jdbc.DefaultConnection;
import org.jooq.tools.jdbc.MockConnection;
import org.jooq.tools.jdbc.MockResult;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.ds.PGConnectionPoolDataSource;

@Database
class TransactionStatusTest {

    private final TestDatabase database;

    TransactionStatusTest(TestDatabase database) {
        this.database = database;
    }

    @Test
    void pgjdbcTells() throws SQLException {
        try (Connection connection = database.simpleDataSource().getConnection()) {
            assertTells(connection);
        }
    }

    @Test
    void pgjdbcTellsThroughAPool() throws SQLException {
        try (Connection connection = database.pool(1).getConnection()) {
            assertTells(connection);
            assertTells(new DefaultConnection(new DefaultConnection(connection)));
        }
    }

    @Test
    void pgjdbcTellsThroughItsOwnPooledConnection() throws SQLException {
        PGConnectionPoolDataSource source = new PGConnectionPoolDataSource();
        source.setURL(database.jdbcUrl());
        source.setUser(database.user());
        source.setPassword(database.password());
        var pooled = source.getPooledConnection();
        try (Connection connection = pooled.getConnection()) {
            assertTells(connection);
        } finally {
            pooled.close();
        }
    }

    @Test
    void pgjdbcTellsThroughAWrapperThatUnwrapsToItself() throws SQLException {
        try (Connection connection = database.simpleDataSource().getConnection()) {
            assertTells(selfish(connection));
        }
    }

    @Test
    void pgjdbcTellsOutOfAnotherClassLoader() throws Exception {
        URL jar = PGConnection.class.getProtectionDomain().getCodeSource().getLocation();
        try (URLClassLoader loader = new URLClassLoader(new URL[] {jar}, ClassLoader.getPlatformClassLoader())) {
            Driver driver = (Driver) loader.loadClass("org.postgresql.Driver")
                    .getDeclaredConstructor()
                    .newInstance();
            Properties properties = new Properties();
            properties.setProperty("user", database.user());
            properties.setProperty("password", database.password());
            try (Connection connection = driver.connect(database.jdbcUrl(), properties)) {
                assertThat(connection).isNotInstanceOf(PGConnection.class);
                assertTells(new DefaultConnection(connection));
            }
        }
    }

    @Test
    void otherDriversDoNotTell() {
        Connection other = new MockConnection(ctx -> new MockResult[] {new MockResult(1)});

        assertThat(TrackedConnection.status(other)).isEqualTo(TransactionStatus.UNKNOWN);
    }

    @Test
    void closedConnectionIsNoError() throws SQLException {
        Connection connection = database.pool(1).getConnection();
        connection.close();

        assertThat(TrackedConnection.status(connection)).isIn(TransactionStatus.UNKNOWN, TransactionStatus.IDLE);
    }

    @Test
    void probeAsksTheServer() throws SQLException {
        try (Connection connection = database.simpleDataSource().getConnection()) {
            connection.setAutoCommit(false);
            assertThat(Dialect.of(SQLDialect.POSTGRES).probe(connection)).isEqualTo(TransactionStatus.OPEN);

            fail(connection);
            assertThat(Dialect.of(SQLDialect.POSTGRES).probe(connection)).isEqualTo(TransactionStatus.ABORTED);
            connection.rollback();
        }
    }

    @Test
    void probeOfAClosedConnectionIsNoError() throws SQLException {
        Connection connection = database.simpleDataSource().getConnection();
        connection.close();

        assertThat(Dialect.of(SQLDialect.POSTGRES).probe(connection)).isEqualTo(TransactionStatus.UNKNOWN);
    }

    @Test
    void probeThatItselfAbortsTheTransactionIsNoticed() throws SQLException {
        try (Connection connection = database.simpleDataSource().getConnection()) {
            connection.setAutoCommit(false);
            Connection firstProbeFails = new DefaultConnection(connection) {
                private boolean failed;

                @Override
                public Statement createStatement() throws SQLException {
                    if (!failed) {
                        failed = true;
                        fail(getDelegate());
                        throw new SQLException("canceling statement due to statement timeout", "57014");
                    }
                    return super.createStatement();
                }
            };

            assertThat(Dialect.of(SQLDialect.POSTGRES).probe(firstProbeFails)).isEqualTo(TransactionStatus.ABORTED);
            connection.rollback();
        }
    }

    private static void assertTells(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        assertThat(TrackedConnection.status(connection)).isEqualTo(TransactionStatus.IDLE);

        try (Statement statement = connection.createStatement()) {
            statement.execute("select 1");
        }
        assertThat(TrackedConnection.status(connection)).isEqualTo(TransactionStatus.OPEN);

        fail(connection);
        assertThat(TrackedConnection.status(connection)).isEqualTo(TransactionStatus.ABORTED);

        connection.rollback();
        assertThat(TrackedConnection.status(connection)).isEqualTo(TransactionStatus.IDLE);
        connection.setAutoCommit(true);
    }

    private static void fail(Connection connection) {
        assertThatThrownBy(() -> {
                    try (Statement statement = connection.createStatement()) {
                        statement.execute("select 1 / 0");
                    }
                })
                .isInstanceOf(SQLException.class);
    }

    /** As some pools do it: what it is itself it does not look for below. */
    private static Connection selfish(Connection connection) {
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("unwrap") && arguments[0] == Connection.class) {
                        return proxy;
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Test
    void aConnectionThatKnowsItsStateIsAskedBeforeItsDriver() throws SQLException {
        try (Connection driver = database.simpleDataSource().getConnection()) {
            Connection knows = (Connection) Proxy.newProxyInstance(
                    getClass().getClassLoader(),
                    new Class<?>[] {Connection.class, ConnectionState.class},
                    (proxy, method, arguments) -> switch (method.getName()) {
                        case "transactionState" -> ConnectionState.State.ABORTED;
                        case "isWrapperFor" -> ((Class<?>) arguments[0]).isInstance(proxy);
                        case "unwrap" -> proxy;
                        default -> method.invoke(driver, arguments);
                    });

            assertThat(TrackedConnection.status(driver)).isEqualTo(TransactionStatus.IDLE);
            assertThat(TrackedConnection.status(knows)).isEqualTo(TransactionStatus.ABORTED);
            assertThat(TrackedConnection.status(new DefaultConnection(knows))).isEqualTo(TransactionStatus.ABORTED);
            assertThat(TrackedConnection.status(new UnwrapsToItself(knows))).isEqualTo(TransactionStatus.ABORTED);
        }
    }

    private static final class UnwrapsToItself extends DefaultConnection {

        UnwrapsToItself(Connection delegate) {
            super(delegate);
        }

        @Override
        public <T> T unwrap(Class<T> type) throws SQLException {
            return type == Connection.class ? type.cast(this) : super.unwrap(type);
        }
    }
}
