package dev.commithooks.engine.boundary;

import dev.commithooks.engine.scope.TransactionScope;
import dev.commithooks.transaction.TransactionAbortedException;
import org.jspecify.annotations.Nullable;

/** The exceptions for transactions that must not be committed. */
public final class Aborted {

    private Aborted() {}

    /** One that had been marked so. */
    public static TransactionAbortedException onPurpose(TransactionScope scope) {
        return new TransactionAbortedException(
                "Transaction " + scope.id() + " IS rolled back: it had been marked rollback-only.", null);
    }

    /** What keeps a transaction that is marked, untold or aborted from being committed; null where it is somebody's wish alone. */
    static @Nullable TransactionAbortedException reason(TransactionScope scope, boolean isMarkedRollbackOnly) {
        if (isMarkedRollbackOnly) {
            Throwable failure = scope.rollbackOnlyCause();
            return failure == null ? null : byJoinedBlock(scope, failure);
        }
        Throwable untold = scope.untoldRows();
        if (untold != null) {
            return byUntoldRows(scope, untold);
        }
        return bySwallowedError(scope);
    }

    private static TransactionAbortedException byJoinedBlock(TransactionScope scope, Throwable failure) {
        return new TransactionAbortedException(
                "Transaction " + scope.id() + " IS rolled back: a block that had joined it failed, and half of its"
                        + " work must not be committed; the exception had been swallowed. To undo only the block, run"
                        + " it with Propagation.NESTED.",
                failure);
    }

    private static TransactionAbortedException byUntoldRows(TransactionScope scope, Throwable failure) {
        return new TransactionAbortedException(
                "Transaction " + scope.id()
                        + " IS rolled back: a statement or a batch in it had failed, nobody says which of"
                        + " its rows it had written before, and hooks could not be told of them; the exception had been"
                        + " swallowed. Let it out of the transaction, or run what may fail in a nested transaction of its own.",
                failure);
    }

    private static TransactionAbortedException bySwallowedError(TransactionScope scope) {
        return new TransactionAbortedException(
                "Transaction " + scope.id() + " IS rolled back: an error of a statement had aborted it and was"
                        + " swallowed. Let the exception out of the transaction, or run what may fail in a nested"
                        + " transaction of its own.",
                scope.statementFailure());
    }

    /** One whose COMMIT cannot be sent any more. */
    static TransactionAbortedException byClosedConnection(TransactionScope scope) {
        return new TransactionAbortedException(
                "Transaction " + scope.id()
                        + " IS rolled back: its connection was closed before COMMIT could be sent, as it is"
                        + " when the server ends the session. Let the exception of the statement that failed out of the"
                        + " transaction, and repeat the work.",
                scope.statementFailure());
    }

    /** Why a transaction is to be rolled back of which a part was, and nobody knows which. */
    static IllegalStateException overrunSavepoint(TransactionScope scope, @Nullable Throwable cause) {
        return new IllegalStateException(
                "A savepoint of transaction " + scope.id()
                        + " was rolled back to after a rollback to an earlier one, or"
                        + " after an end of the transaction. The database keeps it and does not say how much was undone:"
                        + " the transaction IS rolled back at its end. Roll back to no savepoint that was set before the"
                        + " nested transaction began.",
                cause);
    }
}
