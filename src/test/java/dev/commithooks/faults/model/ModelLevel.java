package dev.commithooks.faults.model;

import dev.commithooks.change.ChangeType;
import dev.commithooks.faults.model.ModelTransaction.Callback;
import dev.commithooks.faults.model.ModelWorld.Thrown;
import dev.commithooks.faults.model.Ways.BatchFailure;
import dev.commithooks.faults.model.Ways.Contention;
import dev.commithooks.faults.model.Ways.SameName;
import dev.commithooks.faults.model.World.HookException;
import dev.commithooks.transaction.FailureStage;
import java.util.List;

/** The code of a transaction, nested or not, in the model. */
final class ModelLevel implements World.Level {

    private final ModelWorld world;
    private final ModelTransaction transaction;
    private final Ways ways;

    ModelLevel(ModelWorld world, ModelTransaction transaction) {
        this.world = world;
        this.transaction = transaction;
        this.ways = transaction.ways;
    }

    @Override
    public void insert(int row) {
        requireSession();
        transaction.hasLock = true;
        if (transaction.rows.containsKey(row)) {
            transaction.aborted = ways.errorsAbort();
            throw new Thrown("duplicate");
        }
        transaction.rows.put(row, 0);
        transaction.write(ChangeType.INSERT, row);
    }

    @Override
    public void batchInsert(List<Integer> rows) {
        requireSession();
        transaction.hasLock = true;
        boolean fails = rows.stream().anyMatch(transaction.rows::containsKey);
        if (fails && ways.batchFailure() == BatchFailure.ABORTS) {
            transaction.aborted = true;
            throw new Thrown("duplicate");
        }
        if (fails && ways.batchFailure() == BatchFailure.UNDOES) {
            throw new Thrown("duplicate");
        }
        boolean untold = fails && ways.batchFailure() == BatchFailure.STOPS;
        for (int row : rows) {
            if (transaction.rows.putIfAbsent(row, 0) == null) {
                if (untold) {
                    transaction.wrote(ChangeType.INSERT, row);
                } else {
                    transaction.write(ChangeType.INSERT, row);
                }
            } else if (untold) {
                world.noteUntold(transaction);
                break;
            }
        }
        if (fails) {
            throw new Thrown("duplicate");
        }
    }

    @Override
    public void update(int row) {
        batchUpdate(List.of(row));
    }

    @Override
    public void batchUpdate(List<Integer> rows) {
        requireSession();
        transaction.hasLock = true;
        for (int row : rows) {
            if (transaction.rows.replace(row, world.nextUpdate()) != null) {
                transaction.write(ChangeType.UPDATE, row);
            }
        }
    }

    @Override
    public void delete(int row) {
        requireSession();
        transaction.hasLock = true;
        if (transaction.rows.remove(row) != null) {
            transaction.write(ChangeType.DELETE, row);
        }
    }

    @Override
    public void fail() {
        requireSession();
        transaction.aborted = ways.errorsAbort();
        throw new Thrown("failed");
    }

    @Override
    public void ddl(boolean fails) {
        requireSession();
        if (ways.ddlCommits()) {
            world.commitImplicitly(transaction);
        }
        transaction.hasLock |= !fails;
        if (fails) {
            transaction.aborted = ways.errorsAbort();
            throw new Thrown("exists");
        }
    }

    @Override
    public void contend() {
        requireSession();
        if (ways.errorsAbort()) {
            transaction.aborted = true;
            throw new Thrown("lost");
        } else if (ways.contention() == Contention.DEADLOCK) {
            transaction.lose(world.committed);
            throw new Thrown("lost");
        } else if (!transaction.hasLock) {
            throw new Thrown("busy");
        }
    }

    @Override
    public void nested(World.Work work) {
        requireSession();
        if (world.hasLostSavepoint && ways.isSprings()) {
            throw new Thrown("no savepoint"); // in a transaction that Spring has marked itself
        }
        Object name = new Object();
        transaction.set(name);
        try {
            work.in(this);
            if (transaction.aborted || transaction.lost) {
                throw new Thrown("aborted");
            }
            if (transaction.isSet(name)) { // jOOQ ignores that it cannot be released
                transaction.release(name);
            }
        } catch (RuntimeException failed) {
            if (transaction.isSet(name)) {
                rollBack(name);
                transaction.release(name);
            } else {
                transaction.doomed = true;
                world.hasLostSavepoint = true;
            }
            throw failed;
        }
    }

    @Override
    public void savepoint(String name, boolean jdbc) {
        requireSession();
        transaction.set(ways.folded(name, jdbc));
    }

    @Override
    public void release(String name, boolean jdbc) {
        requireSession();
        if (ways.sameName() != SameName.REPLACED_FOR_GOOD) {
            transaction.release(ways.folded(name, jdbc));
        }
    }

    @Override
    public void rollbackTo(String name, boolean jdbc) {
        requireSession();
        if (rollBack(ways.folded(name, jdbc))) {
            throw new HookException();
        }
    }

    /** Whether a hook threw. */
    private boolean rollBack(Object name) {
        return world.tellFailed(transaction.rollBack(name), FailureStage.SAVEPOINT);
    }

    @Override
    public void onCommit(int number) {
        transaction.log.add(new Callback(true, number));
    }

    @Override
    public void onRollback(int number) {
        transaction.log.add(new Callback(false, number));
    }

    @Override
    public void rollbackOnly() {
        transaction.rollbackOnly = true;
        world.isRollbackWished = true;
    }

    @Override
    public void breakDeferredConstraint() {
        requireSession();
        transaction.hasLock = true;
        transaction.broken = true;
    }

    @Override
    public void endByHand(Tree.Hand hand) {
        world.hasBeenEndedByHand = true;
        requireSession();
        transaction.hasLock = false;
        if (!hand.commits()) {
            transaction.sever(world.committed);
        } else if (transaction.broken) {
            transaction.sever(world.committed);
            throw new Thrown("refused");
        } else {
            world.commitImplicitly(transaction);
        }
    }

    @Override
    public void sessionEnds(boolean isIdle) {
        requireSession();
        transaction.endSession();
        world.hasSessionEnded = true;
        throw new Thrown("ended");
    }

    private void requireSession() {
        if (transaction.isGone) {
            throw new Thrown("ended");
        }
    }
}
