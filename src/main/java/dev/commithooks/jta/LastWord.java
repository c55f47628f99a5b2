package dev.commithooks.jta;

import dev.commithooks.transaction.FailureStage;
import dev.commithooks.transaction.TransactionAbortedException;
import jakarta.transaction.Synchronization;
import org.jspecify.annotations.Nullable;

/** The last word before the end of one JTA transaction: all before hooks, after which each database is one that can be committed. */
final class LastWord {

    private final JtaTransaction transaction;
    /** The one of the calls asked for that counts: the last. */
    private volatile @Nullable Call call;
    /** Whether it was said, and COMMIT may have been sent since. */
    private volatile boolean isDone;
    /** What kept the transaction from being committed. */
    private volatile @Nullable Throwable veto;

    LastWord(JtaTransaction transaction) {
        this.transaction = transaction;
    }

    boolean isDone() {
        return isDone;
    }

    @Nullable
    Throwable veto() {
        return veto;
    }

    /** A synchronization in which it is said, unless another one is asked for afterwards. */
    Synchronization again() {
        Call last = new Call();
        call = last;
        return last;
    }

    private final class Call implements Synchronization {

        @Override
        public void beforeCompletion() {
            if (call == this && veto == null) { // Atomikos goes on when one before has thrown
                say();
            }
        }

        @Override
        public void afterCompletion(int status) {}
    }

    /** Runs the before hooks of all databases, then lets all of them be committed. */
    private void say() {
        runBeforeHooks();
        runBeforeHooks(); // of databases, too, that had nothing to tell when their turn came
        transaction.parts().forEach(part -> each(part, DatabasePart::seal));
        isDone = true;
    }

    private void runBeforeHooks() {
        for (int ran = 0;
                ran < transaction.parts().size();
                ran++) { // a hook may write to one that nobody has written to before
            each(transaction.parts().get(ran), DatabasePart::runBeforeHooks);
        }
    }

    private interface Step {
        void on(DatabasePart part) throws Exception;
    }

    /** What one database cannot commit, none may. */
    private void each(DatabasePart part, Step step) {
        try {
            step.on(part);
        } catch (Throwable failure) {
            FailureStage stage = transaction.isMarked()
                    ? FailureStage.ROLLBACK_ONLY
                    : failure instanceof TransactionAbortedException ? FailureStage.COMMIT : FailureStage.BEFORE_HOOK;
            transaction.parts().stream().filter(other -> other != part).forEach(other -> other.endsAt(stage));
            veto = failure;
            throw asManagersTakeIt(failure);
        }
    }

    /** Atomikos leaves a transaction as it is, neither committed nor rolled back, of which an Error comes, or a checked exception. */
    private RuntimeException asManagersTakeIt(Throwable failure) {
        return failure instanceof RuntimeException unchecked
                ? unchecked
                : new IllegalStateException(transaction + " IS rolled back: " + failure, failure);
    }

    /** It cannot be said. */
    void refuse(RuntimeException why) {
        transaction.parts().forEach(part -> part.endsAt(FailureStage.COMMIT));
        veto = why;
        throw why;
    }
}
