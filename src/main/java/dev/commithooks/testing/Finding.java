package dev.commithooks.testing;

/**
 * Something about a test that its author should know: what it left behind, and where its outer transaction and a real commit
 * differ.
 *
 * @param kind what it is
 * @param message the whole of it, for people
 */
public record Finding(Kind kind, String message) {

    /** The kinds of findings, and what becomes of each unless {@link RolledBackOptions#on} says otherwise. */
    public enum Kind {
        /** A transaction was still open when the test ended. */
        OPEN_TRANSACTION(Verdict.FAIL),
        /** A result set with a fetch size was not closed before its transaction ended: the server would have closed it. */
        OPEN_CURSOR(Verdict.FAIL),
        /** A statement was still running on another thread when the test ended. */
        RUNNING_STATEMENT(Verdict.FAIL),
        /**
         * A transaction was committed while another was open, on another connection, and was undone when that was rolled back:
         * really it would have stayed.
         */
        UNDONE_COMMIT(Verdict.FAIL),
        /** The outer transaction itself was ended: what was written by then may be in the database for good. */
        REAL_COMMIT(Verdict.FAIL),
        /** The real connection was lost, and with it what the test had written. */
        LOST_CONNECTION(Verdict.FAIL),
        /** A session's advisory lock was not released. It has been by now. */
        ADVISORY_LOCK(Verdict.FAIL),
        /** Nothing was executed on the data source: the application uses another one. */
        UNUSED(Verdict.FAIL),
        /** Hooks heard of a commit that did not happen on the data source: the application writes on another one, too. */
        OTHER_DATA_SOURCE(Verdict.FAIL),
        /** A hook was held back by {@link HookJournal#hold()}, and was neither delivered nor dropped. */
        HELD_CALL(Verdict.FAIL),
        /** A fault was ordered, and did not happen. */
        UNUSED_FAULT(Verdict.FAIL),
        /**
         * A transaction asked for another isolation level than the outer one has. {@link Verdict#FAIL} refuses it at once, with
         * the others it works on the outer one's level.
         */
        OTHER_ISOLATION(Verdict.FAIL),
        /**
         * Two constraints in one schema have the same name and are not deferred alike. SQL cannot tell them apart, so that they
         * stay immediate after the first commit in the test.
         */
        SHARED_CONSTRAINT_NAME(Verdict.REPORT),
        /** A connection worked while a transaction of another was open and had written: it could see what really it cannot. */
        UNCOMMITTED_ROWS(Verdict.REPORT);

        private final Verdict verdict;

        Kind(Verdict verdict) {
            this.verdict = verdict;
        }

        Verdict verdict() {
            return verdict;
        }
    }

    @Override
    public String toString() {
        return message;
    }
}
