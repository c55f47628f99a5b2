package dev.commithooks.engine.undo;

import dev.commithooks.row.Attachment;
import org.jooq.Configuration;
import org.jooq.RecordContext;
import org.jooq.RecordListener;
import org.jooq.SQLDialect;
import org.jooq.UpdatableRecord;
import org.jooq.conf.Settings;
import org.jooq.impl.DefaultConfiguration;
import org.jooq.tools.jdbc.MockConnection;
import org.jooq.tools.jdbc.MockResult;

/**
 * A record's note that it was read from the database or inserted into it. jOOQ keeps it to itself, and reads it with updatable
 * primary keys and with optimistic locking. It can be told from what {@code store()} is about to do, and changed by writing to a
 * connection that only says yes.
 */
final class Fetched {

    private static final Configuration ASKS = new DefaultConfiguration()
            .set(SQLDialect.POSTGRES)
            .set(new Settings().withUpdatablePrimaryKeys(true).withAttachRecords(false))
            .set(new Asking());

    private static final Configuration SAYS_YES = new DefaultConfiguration()
            .set(SQLDialect.POSTGRES)
            .set(new MockConnection(statement -> new MockResult[] {new MockResult(1)}))
            .set(new Settings()
                    .withExecuteLogging(false)
                    .withAttachRecords(false)
                    .withReturnIdentityOnUpdatableRecord(false)
                    .withUpdateRecordVersion(false)
                    .withUpdateRecordTimestamp(false));

    private Fetched() {}

    /** Whether jOOQ asks for the note under these settings; asking costs more than all else of a record's state. */
    static boolean matters(Settings settings) {
        return Boolean.TRUE.equals(settings.isUpdatablePrimaryKeys())
                || Boolean.TRUE.equals(settings.isExecuteWithOptimisticLocking());
    }

    static boolean of(UpdatableRecord<?> row) {
        Attachment own = Attachment.of(row);
        row.attach(ASKS);
        try {
            row.store();
            return true; // nothing had changed, so that no update was begun
        } catch (Answer answer) {
            return answer == Answer.UPDATE;
        } finally {
            own.restore();
        }
    }

    /** Sets the note of a record whose values are all null and not changed. */
    static void set(UpdatableRecord<?> row, boolean fetched) {
        Attachment own = Attachment.of(row);
        row.attach(SAYS_YES);
        try {
            if (fetched) {
                row.insert();
            } else {
                row.delete();
            }
        } finally {
            own.restore();
        }
    }

    private static final class Asking implements RecordListener {
        @Override
        public void insertStart(RecordContext ctx) {
            throw Answer.INSERT;
        }

        @Override
        public void updateStart(RecordContext ctx) {
            throw Answer.UPDATE;
        }
    }

    /** An answer that goes up through jOOQ; it is no failure, and has no stack. */
    @SuppressWarnings("StaticAssignmentOfThrowable") // it has no stack that could be wrong
    private static final class Answer extends RuntimeException {

        static final Answer INSERT = new Answer();
        static final Answer UPDATE = new Answer();
        private static final long serialVersionUID = 1L;

        private Answer() {
            super(null, null, false, false);
        }
    }
}
