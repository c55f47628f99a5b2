package dev.commithooks.engine.session;

import dev.commithooks.engine.boundary.Level;
import dev.commithooks.engine.jooq.Hooked;
import org.jooq.Configuration;

/** Where a session may not be opened, and where its transaction may not be ended. */
final class SessionRules {

    private SessionRules() {}

    /** Refuses a configuration on which somebody else begins transactions. */
    static void refuseUnlessItMayBegin(Configuration given) {
        if (given.transactionProvider() instanceof Hooked hooked && hooked.ownsConnection()) {
            throw new IllegalStateException("A session begins and commits on connections of its own, and here the"
                    + " transaction provider that was set before attachTo(...) owns them: " + hooked
                    + ". Use a configuration"
                    + " without a transaction provider, or with CommitHooks.threadLocalTransactionProvider(...).");
        }
        if (!(given.transactionProvider() instanceof Hooked)) {
            throw new IllegalStateException(
                    "A session begins and commits on connections of its own, and here somebody else"
                            + " begins transactions: " + given.transactionProvider()
                            + ". Ask that one for them: in Spring, with a TransactionTemplate; in JTA, with a UserTransaction; or open the session on a"
                            + " DSLContext of its own that is made from the plain data source.");
        }
    }

    /** Refuses to end the level's transaction while something that is part of it has not returned. */
    static void refuseWithin(Level level, String what) {
        if (level.isJoined()) {
            throw new IllegalStateException(what + " of a session comes within a block that has joined its transaction"
                    + " and has not ended; nothing was done. Let Transactions.run(...) return first.");
        }
        if (level.boundary().scope().isWithinStatement()) {
            throw new IllegalStateException(what + " of a session comes within a statement of it, from a listener for"
                    + " instance; nothing was done. Let the statement return first.");
        }
        if (level.boundary().scope().hasNestedTransactionAfter(level)) {
            throw new IllegalStateException(
                    what + " of a session comes within a nested transaction of it, which has not"
                            + " ended; nothing was done. Let dsl.transaction(...) return first.");
        }
    }

    /** Refuses a session that is closed, or just beginning or ending a transaction. */
    static void refuseUnlessUsable(SessionState state) {
        if (state == SessionState.CLOSED) {
            throw new IllegalStateException("The session is closed; open another one.");
        }
        if (state == SessionState.BEGINNING || state == SessionState.ENDING) {
            throw new IllegalStateException(
                    "The session's transaction is just being begun or ended, and this is called by one"
                            + " of its hooks, callbacks or listeners: use ctx.dsl() there.");
        }
    }
}
