package dev.commithooks.jta.faults;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;

import dev.commithooks.faults.Told;
import dev.commithooks.fixture.Coordinator;
import dev.commithooks.fixture.TcpProxy;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.fixture.Waiting;
import dev.commithooks.jta.JtaTransactions;
import io.agroal.api.AgroalDataSource;
import java.util.Base64;
import java.util.List;
import javax.sql.DataSource;
import javax.sql.XAConnection;
import javax.transaction.xa.Xid;
import org.jooq.ConnectionProvider;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.jooq.impl.DefaultConfiguration;
import org.postgresql.PGConnection;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * One of the two databases, with a pool of XA connections to it that lead through a network which can fail, and hooks on the table
 * {@code account}.
 */
final class Side implements AutoCloseable {

    /** The way in which hooks get connections of the pool, with a data source beside it. */
    @FunctionalInterface
    interface Connections {
        ConnectionProvider of(String name, DataSource pool, DataSource beside);
    }

    private final String name;
    private final TestDatabase database;
    private final TcpProxy proxy;
    private final String url;
    private final AgroalDataSource pool;
    private final Told told = new Told();
    private final DSLContext plain;
    private final DSLContext dsl;
    private final DSLContext beside;

    Side(String name, TestDatabase database, Coordinator coordinator, JtaTransactions jta, Connections connections) {
        this.name = name;
        this.database = database;
        this.proxy = TcpProxy.before(database);
        this.beside = DSL.using(database.pool(2), SQLDialect.POSTGRES);
        this.url = ((PGSimpleDataSource) proxy.dataSource()).getURL();
        this.pool = XaPool.open(name, url, database.user(), database.password(), coordinator, jta);
        this.plain = DSL.using(new DefaultConfiguration()
                .set(SQLDialect.POSTGRES)
                .set(connections.of(name, pool, database.realDataSource()))
                .set(jta.provider()));
        this.dsl = told.attachTo(plain, hooks -> hooks.owner(jta));
    }

    String name() {
        return name;
    }

    /** In JTA's transactions, with hooks. */
    DSLContext dsl() {
        return dsl;
    }

    /** In JTA's transactions, without hooks. */
    DSLContext plain() {
        return plain;
    }

    TestDatabase database() {
        return database;
    }

    /** What hooks were told. */
    Told told() {
        return told;
    }

    TcpProxy network() {
        return proxy;
    }

    Faults faults() {
        return Faults.of(url);
    }

    /** Lets nothing happen that has not happened yet. */
    void calm() {
        faults().clear();
        proxy.calm();
        told.doing((event, ctx) -> {});
    }

    /** Lets the server end the session on which the branch is, at that moment. */
    void sessionEnds(Moment moment) {
        faults().at(moment, (connection, branch) -> {
            int session = connection.getConnection().unwrap(PGConnection.class).getBackendPID();
            directly().execute("select pg_terminate_backend(?)", session);
            Waiting.until(() -> !directly()
                    .fetchSingle("select exists (select from pg_stat_activity where pid = ?)", session)
                    .get(0, boolean.class));
        });
    }

    /** Lets somebody {@code commit} or {@code rollback} the prepared transaction at that moment. */
    void endedByHand(Moment moment, String how) {
        faults().at(moment, new ByHand(this, how));
    }

    private record ByHand(Side side, String how) implements Faults.Fault {

        /** Atomikos commits older ones again and again, on threads of its own. */
        @Override
        public boolean concerns(Xid branch) {
            return !side.prepared(branch).isEmpty();
        }

        @Override
        public void strike(XAConnection connection, Xid branch) {
            side.prepared(branch).forEach(id -> side.directly().execute(how + " prepared '" + id + "'"));
        }
    }

    /** The prepared transaction of the branch, if there is one: pgjdbc puts the branch's ids into its name in Base64. */
    private List<String> prepared(Xid branch) {
        String ids = Base64.getEncoder().encodeToString(branch.getGlobalTransactionId()) + "_"
                + Base64.getEncoder().encodeToString(branch.getBranchQualifier());
        return prepared().stream().filter(name -> name.endsWith(ids)).toList();
    }

    /** Beside the pool and the network. */
    DSLContext directly() {
        return beside;
    }

    /** The owners of the accounts that are committed. */
    List<String> owners() {
        return directly()
                .select(ACCOUNT.OWNER)
                .from(ACCOUNT)
                .orderBy(ACCOUNT.ID)
                .fetch(ACCOUNT.OWNER);
    }

    /** The prepared transactions. */
    List<String> prepared() {
        return directly()
                .fetch("select gid from pg_prepared_xacts where database = current_database()")
                .into(String.class);
    }

    @Override
    public void close() {
        pool.close();
        proxy.close();
        database.close();
    }
}
