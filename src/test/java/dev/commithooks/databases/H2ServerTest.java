package dev.commithooks.databases;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.Product;
import dev.commithooks.fixture.TcpProxy;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.transaction.TransactionInDoubtException;
import java.sql.Connection;
import java.sql.SQLException;
import org.jooq.DSLContext;
import org.jooq.impl.DefaultConnectionProvider;
import org.jooq.tools.jdbc.DefaultConnection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** H2 as a server, which may be lost on the way. */
@Database(on = Product.H2_SERVER)
class H2ServerTest {

    private final TestDatabase database;
    private final HookJournal told = new HookJournal();

    H2ServerTest(TestDatabase database) {
        this.database = database;
    }

    /** The third lie: the driver's 90067 is no answer of the database's, and what it came in place of may have said yes. */
    @Test
    void commitWhoseAnswerIsLostIsInDoubt() throws SQLException {
        try (TcpProxy proxy = TcpProxy.before(database);
                Connection connection = proxy.dataSource().getConnection()) {
            DSLContext dsl = CommitHooks.builder()
                    .registerAll(told)
                    .build()
                    .attachTo(database.dsl(new DefaultConnectionProvider(losingTheAnswer(connection, proxy))));

            assertThatThrownBy(() -> dsl.transaction(tx -> {
                        tx.dsl().newRecord(AUTHOR).with(AUTHOR.NAME, "Ann").store();
                    }))
                    .isInstanceOf(TransactionInDoubtException.class)
                    .hasMessageContaining("90067");
        }

        assertThat(told.drain()).containsExactly("before insert author[1]", "in doubt insert author[1]");
        assertThat(database.dsl().fetchValues(AUTHOR.NAME)).containsExactly("Ann");
    }

    /** Nothing on this side of the network tells one transaction from the next. */
    @ParameterizedTest
    @ValueSource(strings = {"ending", "goingOn"})
    void rowsBeforeARoutineThatEndsTheTransactionAreInDoubt(String routine) {
        database.dsl().execute("create table if not exists other (id int)");
        database.dsl()
                .execute("create alias if not exists " + routine + " for '" + H2Routines.class.getName() + "." + routine
                        + "'");
        DSLContext dsl = CommitHooks.builder().registerAll(told).build().attachTo(database.dsl());

        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    tx.dsl()
                            .newRecord(AUTHOR)
                            .with(AUTHOR.ID, 1L)
                            .with(AUTHOR.NAME, "Ann")
                            .store();
                    tx.dsl().execute("call " + routine + "()");
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");

        assertThat(told.drain()).containsExactly("in doubt insert author[1]");
        assertThat(database.dsl().fetchValues(AUTHOR.NAME)).containsExactly("Ann");
    }

    /** A connection that is cut after the server has committed; what its driver says then is what the caller gets to see. */
    private static Connection losingTheAnswer(Connection connection, TcpProxy proxy) {
        return new DefaultConnection(connection) {
            @Override
            public void commit() throws SQLException {
                super.commit();
                proxy.cut();
                super.commit();
            }
        };
    }
}
