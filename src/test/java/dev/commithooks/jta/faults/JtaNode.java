package dev.commithooks.jta.faults;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;

import dev.commithooks.CommitHooks;
import dev.commithooks.CommitHooksBuilder;
import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.durable.DbSchedulerDelivery;
import dev.commithooks.fixture.Coordinator;
import dev.commithooks.hook.HookOptions;
import dev.commithooks.jta.JtaTransactions;
import dev.commithooks.jta.LateOutcome;
import io.agroal.api.AgroalDataSource;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DefaultConfiguration;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A process that works on two databases: it takes a transaction to each step of its commit and waits there, to be killed; or it
 * recovers what another has left. It prints where it is, and what its hooks and listeners are told. In B the hooks are durable.
 */
final class JtaNode {

    private static final PrintStream OUT = System.out;

    private final Coordinator coordinator;
    private final JtaTransactions jta;
    private final DSLContext a;
    private final DSLContext b;
    private final String urlOfA;
    private final String urlOfB;

    /** Takes what to do, the folder of the manager's log, and URL, user and password of A and of B. */
    private JtaNode(String... args) {
        coordinator = Coordinator.start(Path.of(args[1]));
        jta = new JtaTransactions(coordinator.transactionManager(), coordinator.registry(), JtaNode::print);
        urlOfA = args[2];
        urlOfB = args[5];
        a = CommitHooks.builder()
                .owner(jta)
                .on(
                        ACCOUNT,
                        on -> on.afterCommitInsert((account, ctx) ->
                                OUT.println("told A after " + account.row().getOwner())))
                .build()
                .attachTo(configuration("A", urlOfA, args[3], args[4]));
        DbSchedulerDelivery delivery = DbSchedulerDelivery.on(beside(urlOfB, args[6], args[7]));
        b = withDurableHooks(CommitHooks.builder().owner(jta), delivery, owner -> {})
                .build()
                .attachTo(configuration("B", urlOfB, args[6], args[7]));
    }

    /** The hooks of B: their calls are stored with the transaction, and are made by whoever delivers. */
    static DSLContext delivering(DSLContext dsl, DbSchedulerDelivery delivery, Consumer<String> hook) {
        return withDurableHooks(CommitHooks.builder(), delivery, hook).build().attachTo(dsl);
    }

    static CommitHooksBuilder withDurableHooks(
            CommitHooksBuilder builder, DbSchedulerDelivery delivery, Consumer<String> hook) {
        return builder.on(
                        ACCOUNT,
                        HookOptions.durable("note"),
                        on -> on.afterCommitInsert(
                                (account, ctx) -> hook.accept(account.row().getOwner())))
                .durable(delivery);
    }

    private DSLContext configuration(String name, String url, String user, String password) {
        AgroalDataSource pool = XaPool.open(name, url, user, password, coordinator, jta);
        return new DefaultConfiguration()
                .set(SQLDialect.POSTGRES)
                .set(jta.connections(name, pool))
                .set(jta.provider())
                .dsl();
    }

    private static DataSource beside(String url, String user, String password) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setURL(url);
        dataSource.setUser(user);
        dataSource.setPassword(password);
        return dataSource;
    }

    private static void print(LateOutcome late) {
        OUT.println("late " + late.database() + " " + late.outcome() + " " + late.globalId());
    }

    public static void main(String... args) throws InterruptedException {
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> {
            failure.printStackTrace(OUT);
            Runtime.getRuntime().halt(1);
        });
        JtaNode node = new JtaNode(args);
        if (args[0].equals("stop")) {
            for (Step step : Step.values()) {
                node.goTo(step);
            }
            OUT.println("at all steps");
            park();
        } else {
            node.coordinator.recover();
            OUT.println("recovered");
            System.exit(0);
        }
    }

    /** Begins a transaction on a thread of its own, and returns when that waits at the step. */
    private void goTo(Step step) throws InterruptedException {
        CountDownLatch isThere = new CountDownLatch(1);
        Faults.of(step.side().equals("A") ? urlOfA : urlOfB).at(step.moment(), (connection, branch) -> {
            isThere.countDown();
            park();
        });
        new Thread(() -> a.transaction(tx -> {
                    store(a, step);
                    store(b, step);
                    OUT.println("transaction " + step + " " + jta.globalId().orElseThrow());
                }))
                .start();
        isThere.await();
    }

    private static void store(DSLContext dsl, Step step) {
        AccountRecord account = dsl.newRecord(ACCOUNT);
        account.setOwner(step.name());
        account.store();
    }

    private static void park() {
        while (true) {
            LockSupport.park();
        }
    }
}
