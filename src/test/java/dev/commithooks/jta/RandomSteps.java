package dev.commithooks.jta;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;

import dev.commithooks.fixture.TestDatabase;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jooq.DSLContext;

/** What applications do in JTA transactions, each with what chance says. */
abstract class RandomSteps {

    /** What was done, in order. */
    final List<String> did = Collections.synchronizedList(new ArrayList<>());
    /** The rows that were written without an exception, by their owners. */
    final Set<String> stored = ConcurrentHashMap.newKeySet();

    final OrdersAndStock shop;
    final DSLContext orders;
    final DSLContext stock;
    final JtaWorld world;
    final Random random;
    private int rows;

    RandomSteps(OrdersAndStock shop, long seed) {
        this.shop = shop;
        orders = shop.orders;
        stock = shop.stock;
        world = shop.world;
        random = new Random(seed);
    }

    final void leave(String what) {
        try {
            if (world.manager.getStatus() != Status.STATUS_NO_TRANSACTION) {
                did.add("LEFT OPEN: " + what + " " + world.manager.getStatus());
                world.manager.rollback();
            }
        } catch (Exception failure) {
            did.add("cannot clean up " + failure);
        }
    }

    final DSLContext either() {
        return random.nextBoolean() ? orders : stock;
    }

    final String name(DSLContext dsl) {
        return dsl == orders ? "A" : "B";
    }

    final void store(DSLContext dsl) {
        store(dsl, name(dsl));
    }

    final void store(DSLContext dsl, String side) {
        int kind = random.nextInt(20);
        String owner = side + ++rows + (kind == 0 ? "veto" : kind < 4 ? "writes" : "");
        did.add("store " + owner);
        if (random.nextInt(3) == 0) {
            dsl.insertInto(ACCOUNT, ACCOUNT.OWNER).values(owner).execute();
        } else {
            JtaWorld.store(dsl, owner);
        }
        stored.add(owner);
    }

    final void elsewhere(JtaWorld.Work work) throws Exception {
        CompletableFuture.runAsync(() -> {
                    try {
                        work.run();
                    } catch (Exception failure) {
                        throw new IllegalStateException(failure);
                    } finally {
                        leave("THE OTHER THREAD'S");
                    }
                })
                .get(20, TimeUnit.SECONDS);
    }

    final void kill() {
        DSLContext dsl = either();
        did.add("kill " + name(dsl));
        int pid = dsl.fetchSingle("select pg_backend_pid()").get(0, int.class);
        TestDatabase database = dsl == orders ? shop.ordersDatabase : OrdersAndStock.stockDatabase;
        database.dsl().fetch("select pg_terminate_backend(" + pid + ")");
    }

    final void savepoints() {
        DSLContext dsl = either();
        did.add("savepoint " + name(dsl) + " {");
        String savepoint = random.nextBoolean() ? "mine" : "commithooks_1";
        dsl.execute("savepoint " + savepoint);
        for (int i = random.nextInt(3); i > 0; i--) {
            store(dsl);
        }
        if (random.nextInt(3) == 0) {
            dsl.execute("savepoint other");
            store(dsl);
        }
        if (random.nextBoolean()) {
            did.add("} to " + savepoint);
            dsl.execute("rollback to savepoint " + savepoint);
        } else if (random.nextBoolean()) {
            did.add("} release " + savepoint);
            dsl.execute("release savepoint " + savepoint);
        } else {
            did.add("} left");
        }
    }

    final void synchronization() throws Exception {
        boolean isInterposed = random.nextBoolean();
        DSLContext dsl = either();
        boolean throwing = random.nextInt(6) == 0;
        boolean writesAfterwards = random.nextInt(3) == 0;
        did.add((isInterposed ? "interposed" : "plain") + (throwing ? " throwing" : "")
                + (writesAfterwards ? " after" : "") + " synchronization " + name(dsl));
        Runnable store = () -> store(dsl);
        Synchronization writing = new Writing(store, throwing, writesAfterwards);
        if (isInterposed) {
            Narayana.registry().registerInterposedSynchronization(writing);
        } else {
            world.manager.getTransaction().registerSynchronization(writing);
        }
    }

    private record Writing(Runnable store, boolean throwing, boolean writesAfterwards) implements Synchronization {

        @Override
        public void beforeCompletion() {
            store.run();
            if (throwing) {
                throw new IllegalStateException("synchronization");
            }
        }

        @Override
        public void afterCompletion(int status) {
            if (writesAfterwards) {
                store.run();
            }
        }
    }
}
