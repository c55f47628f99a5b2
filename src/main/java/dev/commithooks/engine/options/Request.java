package dev.commithooks.engine.options;

import static dev.commithooks.policy.RolledBackRecords.RESTORED;
import static dev.commithooks.policy.RolledBackRecords.RESTORED_IN_RETRIES;

import dev.commithooks.engine.dialect.Dialect;
import dev.commithooks.engine.dialect.TransactionModes;
import dev.commithooks.engine.jooq.TransactionOptions;
import dev.commithooks.engine.telling.Policies;
import dev.commithooks.policy.RetryPolicy;
import dev.commithooks.policy.RolledBackRecords;
import dev.commithooks.policy.TransactionDefaults;
import dev.commithooks.transaction.IsolationLevel;
import dev.commithooks.transaction.Propagation;
import java.util.StringJoiner;
import org.jooq.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * What a transaction is asked to be like.
 *
 * @param propagation what it does when one is open
 * @param name its name, if any
 * @param isolation its isolation level; null for the default one
 * @param readOnly whether it may not write
 * @param deferrable whether it waits for a snapshot that cannot fail
 * @param retry how often it is tried; null for the default
 * @param rolledBackRecords what becomes of its records; null for the default
 */
public record Request(
        Propagation propagation,
        @Nullable String name,
        @Nullable IsolationLevel isolation,
        boolean readOnly,
        boolean deferrable,
        @Nullable RetryPolicy retry,
        @Nullable RolledBackRecords rolledBackRecords) {

    /** What jOOQ does by itself. */
    public static final Request PLAIN = new Request(Propagation.NESTED, null, null, false, false, null, null);

    /** The same with another propagation. */
    public Request propagation(Propagation other) {
        return new Request(other, name, isolation, readOnly, deferrable, retry, rolledBackRecords);
    }

    /** The same with another name. */
    public Request name(String other) {
        return new Request(propagation, other, isolation, readOnly, deferrable, retry, rolledBackRecords);
    }

    /** The same with another isolation level. */
    public Request isolation(IsolationLevel other) {
        return new Request(propagation, name, other, readOnly, deferrable, retry, rolledBackRecords);
    }

    /** The same, read-only. */
    public Request asReadOnly() {
        return new Request(propagation, name, isolation, true, deferrable, retry, rolledBackRecords);
    }

    /** The same, deferrable. */
    public Request asDeferrable() {
        return new Request(propagation, name, isolation, readOnly, true, retry, rolledBackRecords);
    }

    /** The same with another retry policy. */
    public Request retry(RetryPolicy other) {
        return new Request(propagation, name, isolation, readOnly, deferrable, other, rolledBackRecords);
    }

    /** The same with another fate of its records. */
    public Request rolledBackRecords(RolledBackRecords other) {
        return new Request(propagation, name, isolation, readOnly, deferrable, retry, other);
    }

    /** The request with what it does not say itself. */
    Request with(Policies policies) {
        TransactionDefaults defaults = policies.transactionDefaults();
        RetryPolicy tries = retry == null ? defaults.retry().orElse(null) : retry;
        boolean isRetried = tries != null && tries.attempts() > 1;
        RolledBackRecords records = rolledBackRecords == null ? policies.rolledBackRecords() : rolledBackRecords;
        return new Request(
                propagation,
                name,
                isolation == null ? defaults.isolation().orElse(null) : isolation,
                readOnly,
                deferrable,
                tries,
                isRetried && records == RESTORED_IN_RETRIES ? RESTORED : records);
    }

    /** As an option of the transaction that is about to begin. */
    TransactionOptions options(int attempt) {
        return new TransactionOptions(name, attempt, isolation, readOnly, deferrable, rolledBackRecords);
    }

    /** As options of each transaction of a session. */
    public TransactionOptions ofSession(Configuration configuration, boolean isNested) {
        if (retry != null || propagation != Propagation.NESTED) {
            throw new IllegalStateException(
                    (retry != null ? "retry(" + retry + ")" : "propagation(" + propagation + ")")
                            + " cannot hold for a session, which has no block to run; no session was opened. Leave it out, or use"
                            + " run(...).");
        }
        if (isNested) {
            refuseOptionsOfABegin(
                    "the session's transactions are savepoints of the one that is open",
                    "Open the session outside of the transaction.");
        }
        refuseIneffective();
        refuseUnsupported(configuration);
        return options(1);
    }

    /**
     * Refuses a combination that has no effect anywhere.
     *
     * @throws IllegalArgumentException when it has none
     */
    void refuseIneffective() {
        if (deferrable && !(readOnly && isolation == IsolationLevel.SERIALIZABLE)) {
            throw new IllegalArgumentException("deferrable() has no effect unless the transaction is also"
                    + " isolation(SERIALIZABLE) and readOnly(); nothing was run. Add these, or leave it out.");
        }
    }

    /**
     * Refuses what the configuration's database does not have.
     *
     * @throws IllegalArgumentException when it does not
     */
    void refuseUnsupported(Configuration configuration) {
        String refusal = Dialect.of(configuration).refusal(new TransactionModes(isolation, readOnly, deferrable));
        if (refusal != null) {
            throw new IllegalArgumentException(refusal + "; nothing was run. Leave it out.");
        }
    }

    /**
     * Refuses what only the begin of a transaction could bring about.
     *
     * @param what what happens in place of a begin
     * @param wayOut what to do
     * @throws IllegalStateException when anything of the kind is asked for
     */
    void refuseOptionsOfABegin(String what, String wayOut) {
        StringJoiner options = new StringJoiner(", ");
        if (isolation != null) {
            options.add("isolation(" + isolation + ")");
        }
        if (readOnly) {
            options.add("readOnly()");
        }
        if (deferrable) {
            options.add("deferrable()");
        }
        if (retry != null) {
            options.add("retry(" + retry + ")");
        }
        if (rolledBackRecords != null) {
            options.add("rolledBackRecords(" + rolledBackRecords + ")");
        }
        if (options.length() > 0) {
            throw new IllegalStateException(options + " cannot hold: with propagation(" + propagation + ") " + what
                    + "; nothing was run. " + wayOut);
        }
    }

    @Override
    public String toString() {
        return propagation
                + (name == null ? "" : ", name(" + name + ")")
                + (isolation == null ? "" : ", isolation(" + isolation + ")")
                + (readOnly ? ", readOnly()" : "")
                + (deferrable ? ", deferrable()" : "")
                + (retry == null ? "" : ", retry(" + retry + ")")
                + (rolledBackRecords == null ? "" : ", rolledBackRecords(" + rolledBackRecords + ")");
    }
}
