package dev.commithooks.faults.model;

import dev.commithooks.faults.model.Tree.End;
import dev.commithooks.faults.model.Tree.SavepointEnd;
import dev.commithooks.faults.model.Tree.Step;
import dev.commithooks.faults.model.World.Level;
import dev.commithooks.faults.model.World.WorkException;
import java.util.List;

/** Runs a tree in a world. */
final class Interpreter {

    private final Ways ways;

    private Interpreter(Ways ways) {
        this.ways = ways;
    }

    static void run(Tree tree, World world, Ways ways) {
        world.transaction(level -> new Interpreter(ways).code(tree.steps(), tree.end(), level));
    }

    private void code(List<Step> steps, End end, Level level) {
        run(steps, level);
        if (end == End.THROWING) {
            throw new WorkException();
        }
    }

    /** False once the transaction is aborted: then nothing but its end makes sense. */
    private boolean run(List<Step> steps, Level level) {
        for (Step step : steps) {
            if (!run(step, level)) {
                return false;
            }
        }
        return true;
    }

    private boolean run(Step step, Level level) {
        if (step instanceof Tree.Insert insert) {
            return tried(insert.swallow(), () -> level.insert(insert.row()));
        } else if (step instanceof Tree.Update update) {
            level.update(update.row());
        } else if (step instanceof Tree.Delete delete) {
            level.delete(delete.row());
        } else if (step instanceof Tree.BatchInsert batch) {
            return tried(batch.swallow(), () -> level.batchInsert(batch.rows()));
        } else if (step instanceof Tree.BatchUpdate batch) {
            level.batchUpdate(batch.rows());
        } else if (step instanceof Tree.SwallowedError) {
            return tried(true, level::fail);
        } else if (step instanceof Tree.Nested nested) {
            nested(nested, level);
        } else if (step instanceof Tree.Savepoint savepoint) {
            return savepoint(savepoint, level);
        } else if (step instanceof Tree.OnCommit callback) {
            level.onCommit(callback.number());
        } else if (step instanceof Tree.OnRollback callback) {
            level.onRollback(callback.number());
        } else if (step instanceof Tree.RollbackOnly) {
            level.rollbackOnly();
        } else if (step instanceof Tree.BreakDeferredConstraint) {
            level.breakDeferredConstraint();
        } else if (step instanceof Tree.Ddl ddl) {
            return tried(ddl.swallow(), () -> level.ddl(ddl.fails()));
        } else if (step instanceof Tree.Contend contend) {
            return tried(contend.swallow(), level::contend);
        } else if (step instanceof Tree.EndByHand end) {
            level.endByHand(end.hand());
        } else if (step instanceof Tree.SessionEnds end) {
            return tried(end.swallow(), () -> level.sessionEnds(end.isIdle()));
        }
        return true;
    }

    private boolean tried(boolean swallow, Runnable statement) {
        try {
            statement.run();
            return true;
        } catch (RuntimeException failed) {
            if (!swallow) {
                throw failed;
            }
            return !ways.errorsAbort();
        }
    }

    private void nested(Tree.Nested nested, Level level) {
        try {
            level.nested(inner -> code(nested.steps(), nested.end(), inner));
        } catch (RuntimeException rolledBack) {
            if (!nested.swallow()) {
                throw rolledBack;
            }
        }
    }

    private boolean savepoint(Tree.Savepoint savepoint, Level level) {
        level.savepoint(savepoint.name(), savepoint.jdbc());
        boolean fit = run(savepoint.steps(), level);
        if (savepoint.end() == SavepointEnd.ROLLED_BACK) {
            level.rollbackTo(savepoint.name(), savepoint.jdbc());
            return true;
        }
        if (fit && savepoint.end() == SavepointEnd.RELEASED) {
            level.release(savepoint.name(), savepoint.jdbc());
        }
        return fit;
    }
}
