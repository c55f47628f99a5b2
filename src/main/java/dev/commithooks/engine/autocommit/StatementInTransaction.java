package dev.commithooks.engine.autocommit;

import static dev.commithooks.transaction.Outcome.ROLLED_BACK;

import dev.commithooks.engine.log.Recorded;
import dev.commithooks.engine.log.Write;
import dev.commithooks.engine.scope.TransactionScope;
import dev.commithooks.engine.telling.Policies;
import dev.commithooks.engine.telling.Suppressed;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Supplier;
import org.jooq.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * A statement that is given a transaction of its own, since its rows must be known before they are committed: by before hooks, or
 * by who takes part in the commit. The transaction begins, is committed and ends within the JDBC statement's {@code execute()},
 * where autocommit would have committed: all that jOOQ and its listeners make of a statement that fails then follows by itself.
 * Used by one thread.
 */
public final class StatementInTransaction extends OutsideStatement {

    /** The JDBC statement's execution. */
    public interface Execution<T> {

        /** Executes the statement, and says which rows it wrote. */
        T run() throws SQLException;
    }

    private final ShortTransaction transaction;
    private String table = "";
    private boolean hasBegun;
    private boolean isOver;
    private @Nullable Throwable thrown;

    /**
     * A statement that is about to be executed.
     *
     * @param configuration what hooks work with when it is over
     */
    public StatementInTransaction(
            Policies policies, ShortTransaction transaction, Supplier<Configuration> configuration) {
        super(policies, transaction.scope().info(), configuration);
        this.transaction = transaction;
    }

    /** Its transaction. */
    public TransactionScope scope() {
        return transaction.scope();
    }

    /** Whether its transaction has ended. */
    public boolean isOver() {
        return isOver;
    }

    /** Whether what it was executed with was no success. */
    public boolean hasFailed() {
        return thrown != null;
    }

    @Override
    public void aboutToSend(String itsTable, Supplier<List<Write>> expected) {
        table = itsTable;
        super.aboutToSend(itsTable, expected);
    }

    /** Executes it: begin, the statement, before hooks, COMMIT. */
    public <T> T execute(Execution<T> execution) throws SQLException {
        try {
            transaction.begin();
            hasBegun = true;
            T result = send(execution);
            transaction.commit();
            return result;
        } catch (Throwable failure) {
            thrown = failure;
            throw failure;
        } finally {
            isOver = true;
        }
    }

    private <T> T send(Execution<T> execution) throws SQLException {
        scope().aboutToSend(table, List::of);
        try {
            return execution.run();
        } catch (Throwable failure) {
            scope().ended(failure);
            transaction.rollBack(failure);
            throw failure;
        } finally {
            scope().ended(null);
        }
    }

    /** A statement that fails is rolled back. */
    @Override
    public void mayHaveWritten(Throwable cause) {}

    @Override
    public void written(Recorded recorded) {
        written(recorded, recorded);
    }

    /**
     * A row was written, or very many.
     *
     * @param expected the row as it was expected
     * @param recorded the row with all that is known of it
     */
    public void written(Recorded expected, Recorded recorded) {
        rows().written(expected);
        scope().written(recorded);
    }

    @Override
    void settle(@Nullable Throwable failure) {
        Throwable onItsWay = failure != null ? failure : thrown;
        try {
            tell(ROLLED_BACK, rows().notWritten(), nothingWritten(onItsWay), onItsWay);
        } finally {
            if (hasBegun) {
                transaction.tell(onItsWay);
            }
        }
        throwWaiting();
    }

    private void throwWaiting() {
        try {
            telling().throwWaiting();
        } catch (Throwable first) {
            try {
                transaction.throwWaiting();
            } catch (Throwable second) {
                Suppressed.add(first, second);
            }
            throw first;
        }
        transaction.throwWaiting();
    }
}
