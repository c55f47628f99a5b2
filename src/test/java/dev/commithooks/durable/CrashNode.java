package dev.commithooks.durable;

import static dev.commithooks.bookshop.shop.Tables.BOOK;

import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.shop.tables.records.BookRecord;
import dev.commithooks.hook.HookContext;
import dev.commithooks.hook.HookOptions;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.jooq.impl.DataSourceConnectionProvider;
import org.jooq.tools.jdbc.DefaultConnection;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A node in a JVM of its own, to be killed: it writes books, or delivers them, and says where it is. A delivered book is a row of
 * the table {@code delivered}.
 */
final class CrashNode {

    /** The exit code of a node whose hook ends the JVM. */
    static final int DIED_IN_HOOK = 42;

    /** The settings of those nodes. */
    static final DeliverySettings MORTAL =
            Deliveries.QUICK.heartbeat(Duration.ofMillis(100)).attempts(2);

    private static final PrintStream OUT = System.out;

    private CrashNode() {}

    /** Takes what to do, and the database's URL, user and password. */
    public static void main(String... args) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setURL(args[1]);
        dataSource.setUser(args[2]);
        dataSource.setPassword(args[3]);
        switch (args[0]) {
            case "stop-before-commit" -> stopBeforeCommit(dataSource);
            case "stop-after-commit" -> stopAfterCommit(dataSource);
            case "stop-in-hook" -> deliver(dataSource, (title, ctx) -> stop("in hook"));
            case "stop-after-hook" -> deliver(dataSource, (title, ctx) -> stopAfterHook(dataSource, title, ctx));
            case "die-in-hook" ->
                deliver(dataSource, MORTAL, (title, ctx) -> Runtime.getRuntime().halt(DIED_IN_HOOK));
            case "deliver" -> deliver(dataSource, (title, ctx) -> note(dataSource, title, ctx));
            case "write" -> write(dataSource);
            default -> throw new IllegalArgumentException(args[0]);
        }
        stop("waiting");
    }

    private static void stop(String where) {
        OUT.println(where);
        while (true) {
            LockSupport.park();
        }
    }

    interface Hook {
        void on(String title, HookContext ctx) throws Exception;
    }

    /** What each node has registered; returns the hooks' way to the database. */
    static DSLContext attach(DataSource dataSource, DbSchedulerDelivery delivery, Hook hook) {
        return CommitHooks.builder()
                .on(
                        BOOK,
                        HookOptions.durable("note"),
                        on -> on.afterCommitInsert(
                                (book, ctx) -> hook.on(book.row().getTitle(), ctx)))
                .durable(delivery)
                .build()
                .attachTo(DSL.using(dataSource, SQLDialect.POSTGRES));
    }

    /** A node that writes and does not deliver. */
    static DSLContext writing(DataSource dataSource) {
        return attach(dataSource, DbSchedulerDelivery.on(dataSource), (title, ctx) -> {});
    }

    private static void deliver(DataSource dataSource, Hook hook) {
        deliver(dataSource, Deliveries.WATCHFUL, hook);
    }

    private static void deliver(DataSource dataSource, DeliverySettings settings, Hook hook) {
        DbSchedulerDelivery delivery = DbSchedulerDelivery.on(dataSource, settings);
        attach(dataSource, delivery, hook);
        delivery.start();
        OUT.println("delivering");
    }

    static void createDelivered(DSLContext dsl) {
        dsl.execute("create table if not exists delivered (title text not null, attempt int not null)");
    }

    static void note(DataSource dataSource, String title, HookContext ctx) {
        DSL.using(dataSource, SQLDialect.POSTGRES)
                .execute(
                        "insert into delivered values (?, ?)",
                        title,
                        ctx.delivery().orElseThrow().attempt());
    }

    static void store(Configuration tx, String title) {
        BookRecord book = tx.dsl().newRecord(BOOK);
        book.setTitle(title);
        book.store();
    }

    private static void stopAfterCommit(DataSource dataSource) {
        writing(dataSource).transaction(tx -> store(tx, "committed"));
        stop("committed");
    }

    private static void stopBeforeCommit(DataSource dataSource) {
        DSLContext dsl = CommitHooks.builder()
                .on(BOOK, HookOptions.durable("note"), on -> on.afterCommitInsert((book, ctx) -> {}))
                .durable(DbSchedulerDelivery.on(dataSource))
                .build()
                .attachTo(DSL.using(
                        new DataSourceConnectionProvider(dataSource) {
                            @Override
                            public Connection acquire() {
                                return new Stopping(super.acquire());
                            }
                        },
                        SQLDialect.POSTGRES));
        dsl.transaction(tx -> store(tx, "never committed"));
    }

    private static final class Stopping extends DefaultConnection {

        Stopping(Connection connection) {
            super(connection);
        }

        /** The parcel is written: the count proves it, seen from within the transaction. */
        @Override
        public void commit() throws SQLException {
            stop("about to commit, parcels: "
                    + DSL.using(getDelegate()).fetchValue("select count(*) from hook_delivery"));
        }
    }

    /** Locks the parcel, so that it cannot be removed when the hook has returned. */
    private static void stopAfterHook(DataSource dataSource, String title, HookContext ctx) throws SQLException {
        Connection lock = dataSource.getConnection();
        lock.setAutoCommit(false);
        DSL.using(lock).fetch("select * from hook_delivery for update");
        note(dataSource, title, ctx);
        OUT.println("hook done");
    }

    private static void write(DataSource dataSource) {
        DSLContext dsl = writing(dataSource);
        for (int thread = 0; thread < 3; thread++) {
            new Thread(() -> writeForEver(dsl)).start();
        }
        OUT.println("writing");
    }

    private static void writeForEver(DSLContext dsl) {
        while (true) {
            try {
                dsl.transaction(tx -> {
                    for (int i = 0; i < ThreadLocalRandom.current().nextInt(1, 4); i++) {
                        store(tx, UUID.randomUUID().toString());
                    }
                    if (ThreadLocalRandom.current().nextInt(5) == 0) {
                        throw new IllegalStateException("rolled back at random");
                    }
                });
            } catch (RuntimeException expected) {
                // One in five is rolled back, and while the server is down no one is begun.
            }
            LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
        }
    }
}
