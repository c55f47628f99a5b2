package dev.commithooks;

import dev.commithooks.engine.registry.Registration;
import dev.commithooks.engine.registry.RowPolicies;
import dev.commithooks.engine.telling.Policies;
import dev.commithooks.engine.telling.SafeObserver;
import dev.commithooks.policy.AfterCommitErrors;
import dev.commithooks.policy.BucketMode;
import dev.commithooks.policy.Bypass;
import dev.commithooks.policy.Cascade;
import dev.commithooks.policy.FailedHooks;
import dev.commithooks.policy.LargeStatements;
import dev.commithooks.policy.OldRows;
import dev.commithooks.policy.OutsideTransaction;
import dev.commithooks.policy.Recording;
import dev.commithooks.policy.RolledBackRecords;
import dev.commithooks.policy.TransactionDefaults;
import dev.commithooks.policy.UnprovenDatabase;
import dev.commithooks.spi.CommitParticipant;
import dev.commithooks.spi.DurableDelivery;
import dev.commithooks.spi.HookInterceptor;
import dev.commithooks.spi.HookObserver;
import dev.commithooks.spi.OutcomeResolver;
import dev.commithooks.spi.TransactionOwner;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jooq.Field;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;

/** The policies of one builder, with the defaults of those that nobody sets. Written by the builder's methods. */
final class Settings {

    final Map<Table<?>, OldRows> oldRowsByTable = new HashMap<>();
    final Map<Table<?>, Recording> recordingByTable = new HashMap<>();
    final List<TransactionOwner> owners = new ArrayList<>(0);
    final List<CommitParticipant> participants = new ArrayList<>(0);
    OldRows oldRows = OldRows.FROM_RECORD;
    Recording recording = Recording.STATEMENTS;
    final Map<Table<?>, Set<Field<?>>> leftOut = new HashMap<>();
    final Map<Table<?>, LargeStatements> largeStatementsByTable = new HashMap<>();
    LargeStatements largeStatements = LargeStatements.ROLLED_BACK;
    int statementLimit = RowPolicies.DEFAULT_STATEMENT_LIMIT;
    BucketMode buckets = BucketMode.BUCKETED;
    Cascade cascade = Cascade.once();
    FailedHooks failedHooks = FailedHooks.ON_EVERY_FAILURE;
    AfterCommitErrors afterCommitErrors = AfterCommitErrors.THROW;
    OutsideTransaction outsideTransaction = OutsideTransaction.RUN_NOW;
    Bypass bypass = Bypass.WARN;
    TransactionDefaults transactionDefaults = TransactionDefaults.none();
    RolledBackRecords rolledBackRecords = RolledBackRecords.RESTORED_IN_RETRIES;
    UnprovenDatabase unprovenDatabase = UnprovenDatabase.REFUSE;

    @Nullable
    DurableDelivery delivery;

    @Nullable
    OutcomeResolver resolver;

    HookObserver observer = SafeObserver.NONE;

    @Nullable
    HookInterceptor interceptor;

    void add(HookObserver another) {
        HookObserver safe = SafeObserver.of(another);
        observer = observer == SafeObserver.NONE ? safe : observer.andThen(safe);
    }

    void leaveOut(Table<?> table, Field<?>... fields) {
        for (Field<?> field : fields) {
            if (table.indexOf(field) < 0) {
                throw new IllegalArgumentException("leaveOut(...): " + table + " has no column " + field.getName());
            }
            if (table.getPrimaryKey() != null
                    && table.getPrimaryKey().getFields().contains(table.field(field))) {
                throw new IllegalArgumentException("leaveOut(...): " + field
                        + " belongs to the primary key, by which rows are recognised; leave it in");
            }
        }
        leftOut.put(table, Set.copyOf(Arrays.asList(fields)));
    }

    void statementLimit(int rows) {
        if (rows <= 0) {
            throw new IllegalArgumentException("statementLimit is " + rows + ", but must be positive");
        }
        statementLimit = rows;
    }

    /**
     * The policies of rows.
     *
     * @throws IllegalStateException if somebody is registered who needs each row of a table whose large statements are summarized
     */
    RowPolicies ofRows(List<Registration> registrations) {
        RowPolicies policies = new RowPolicies(
                oldRowsByTable,
                oldRows,
                recordingByTable,
                recording,
                leftOut,
                largeStatementsByTable,
                largeStatements,
                statementLimit);
        SummarizedTables.refuseWhatNeedsRows(policies, registrations, participants);
        return policies;
    }

    Policies ofTransactions() {
        return new Policies(
                buckets,
                cascade,
                failedHooks,
                afterCommitErrors,
                outsideTransaction,
                bypass,
                transactionDefaults,
                rolledBackRecords,
                unprovenDatabase,
                List.copyOf(owners),
                List.copyOf(participants),
                resolver,
                observer,
                interceptor);
    }
}
