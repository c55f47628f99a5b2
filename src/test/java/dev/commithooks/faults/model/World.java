package dev.commithooks.faults.model;

import java.util.List;

/** Where a tree can be run: on the library and a server, or on the model of them. */
interface World {

    /** What is done in a transaction. */
    interface Work {
        void in(Level level);
    }

    /** A top-level transaction. Throws what its caller sees. */
    void transaction(Work work);

    /** A transaction, nested or not, as its code sees it. */
    interface Level {

        void insert(int row);

        void update(int row);

        void delete(int row);

        void batchInsert(List<Integer> rows);

        void batchUpdate(List<Integer> rows);

        /** Executes a statement that fails, and throws. */
        void fail();

        void nested(Work work);

        void savepoint(String name, boolean jdbc);

        void release(String name, boolean jdbc);

        void rollbackTo(String name, boolean jdbc);

        void onCommit(int number);

        void onRollback(int number);

        void rollbackOnly();

        void breakDeferredConstraint();

        /** DDL, which throws if it fails. */
        void ddl(boolean fails);

        /** Meets with another transaction, and throws if it loses. */
        void contend();

        /** Ends the transaction by hand. */
        void endByHand(Tree.Hand hand);

        /** Executes a statement that fails because the server has ended the session, and throws. */
        void sessionEnds(boolean isIdle);
    }

    /** What the code of a tree throws. */
    final class WorkException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        WorkException() {
            super("work");
        }
    }

    /** What a hook throws. */
    final class HookException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        HookException() {
            super("hook");
        }
    }
}
