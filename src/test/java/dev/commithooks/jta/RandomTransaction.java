package dev.commithooks.jta;

import jakarta.transaction.Status;
import jakarta.transaction.Transaction;
import jakarta.transaction.TransactionManager;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;

/** One random transaction and those in it. */
final class RandomTransaction extends RandomSteps {

    RandomTransaction(OrdersAndStock shop, long seed) {
        super(shop, seed);
    }

    Throwable run() {
        try {
            transaction(0);
            return null;
        } catch (Exception | Error thrown) {
            return thrown;
        } finally {
            leave("THE OUTERMOST");
        }
    }

    /** A top-level transaction, by one of the ways. */
    private void transaction(int depth) throws Exception {
        int way = random.nextInt(5);
        if (way == 0) {
            DSLContext dsl = either();
            did.add("dsl.transaction " + name(dsl) + " {");
            try {
                dsl.transaction(tx -> work(depth));
            } finally {
                did.add("}");
            }
            return;
        }
        boolean isPast = way == 1;
        did.add((isPast ? "past" : "begin") + " {");
        TransactionManager manager = isPast ? Narayana.manager() : world.manager;
        manager.begin();
        try {
            work(depth);
        } catch (Exception | Error failure) {
            did.add("} rolled back for " + failure.getClass().getSimpleName());
            manager.rollback();
            throw failure;
        }
        end(manager);
    }

    private void end(TransactionManager manager) throws Exception {
        int how = random.nextInt(8);
        boolean isPast = manager != world.manager;
        if (how == 0) {
            did.add("} rollback");
            manager.rollback();
        } else if (how == 1 && !isPast) {
            did.add("} commit on another thread");
            Transaction suspended = world.manager.suspend();
            elsewhere(() -> {
                world.manager.resume(suspended);
                world.manager.commit();
            });
        } else if (how == 2 && !isPast) {
            did.add("} commit by its object");
            world.manager.getTransaction().commit();
            world.manager.suspend();
        } else if (how == 3 && !isPast) {
            did.add("} commit by its suspended object on another thread");
            Transaction suspended = world.manager.suspend();
            elsewhere(suspended::commit);
        } else if (how == 4 && !isPast) {
            did.add("} user commit");
            world.jta.userTransaction().commit();
        } else {
            did.add("} commit");
            manager.commit();
        }
    }

    private void work(int depth) throws Exception {
        for (int steps = 1 + random.nextInt(6); steps > 0; steps--) {
            step(depth);
        }
    }

    private void step(int depth) throws Exception {
        switch (random.nextInt(16)) {
            case 0 -> nested(depth);
            case 1 -> suspended(depth);
            case 2 -> savepoints();
            case 3 -> {
                DSLContext dsl = either();
                did.add("swallowed error " + name(dsl));
                try {
                    dsl.execute("select 1/0");
                } catch (DataAccessException swallowed) {
                    // on purpose
                }
            }
            case 4 -> synchronization();
            case 5 -> {
                if (random.nextInt(5) == 0) {
                    did.add("mark");
                    world.manager.setRollbackOnly();
                }
            }
            case 6 -> {
                if (random.nextInt(4) == 0) {
                    did.add("throw");
                    throw new IllegalArgumentException("thrown");
                }
            }
            case 7 -> {
                if (random.nextInt(6) == 0) {
                    kill();
                }
            }
            case 8 -> {
                DSLContext dsl = either();
                did.add("on another thread " + name(dsl));
                Transaction mine = world.manager.suspend();
                try {
                    elsewhere(() -> {
                        world.manager.resume(mine);
                        try {
                            store(dsl);
                        } finally {
                            world.manager.suspend();
                        }
                    });
                } finally {
                    world.manager.resume(mine);
                }
            }
            default -> store(either());
        }
    }

    private void nested(int depth) throws Exception {
        if (depth > 3) {
            return;
        }
        DSLContext dsl = either();
        String side = name(dsl);
        boolean isCaught = random.nextBoolean();
        did.add("nested " + side + " {");
        try {
            dsl.transaction(tx -> {
                store(tx.dsl(), side);
                work(depth + 1);
                if (random.nextInt(3) == 0) {
                    throw new IllegalArgumentException("nested");
                }
            });
            did.add("} released");
        } catch (RuntimeException failure) {
            did.add("} failed " + failure.getClass().getSimpleName());
            if (!isCaught) {
                throw failure;
            }
        }
    }

    private void suspended(int depth) throws Exception {
        if (depth > 2) {
            return;
        }
        did.add("suspend");
        Transaction outer = world.manager.suspend();
        try {
            transaction(depth + 1);
        } catch (Exception failure) {
            did.add("inner: " + failure.getClass().getSimpleName());
        } finally {
            if (world.manager.getStatus() != Status.STATUS_NO_TRANSACTION) {
                did.add("INNER LEFT");
                world.manager.rollback();
            }
            did.add("resume");
            if (outer != null) {
                world.manager.resume(outer);
            }
        }
    }
}
