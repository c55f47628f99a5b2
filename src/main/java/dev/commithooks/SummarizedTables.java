package dev.commithooks;

import dev.commithooks.engine.registry.BoundHook;
import dev.commithooks.engine.registry.Registration;
import dev.commithooks.engine.registry.RowPolicies;
import dev.commithooks.row.TableName;
import dev.commithooks.spi.CommitParticipant;
import java.util.List;
import java.util.Optional;
import org.jooq.Table;

/** The tables whose large statements are summarized: nobody may be registered for them who needs each row. */
final class SummarizedTables {

    private SummarizedTables() {}

    /**
     * Refuses hooks that are called row by row or out of a store, and participants, for such tables.
     *
     * @throws IllegalStateException if there is one
     */
    static void refuseWhatNeedsRows(
            RowPolicies policies, List<Registration> registrations, List<CommitParticipant> participants) {
        for (Registration registration : registrations) {
            Optional<String> table = policies.summarizedAmong(registration);
            for (BoundHook hook : table.isEmpty() ? List.<BoundHook>of() : registration.hooks()) {
                if (!hook.method().takesSet() || hook.durable()) {
                    throw refusal(
                            hook + " on " + table.get()
                                    + (hook.durable() ? " is durable and is stored with" : " is called for")
                                    + " each row",
                            "Take a table's changes instead, afterCommit(TableChanges, HookContext) for instance");
                }
            }
        }
        for (CommitParticipant participant : participants) {
            for (Table<?> table : participant.tables()) {
                if (policies.isSummarized(table)) {
                    throw refusal(
                            participant + " needs each row of " + TableName.of(table), "Take the table out of it");
                }
            }
        }
    }

    private static IllegalStateException refusal(String fact, String advice) {
        return new IllegalStateException(fact
                + ", but largeStatements(SUMMARIZED) is chosen for that table, so that rows of a large statement would be kept from"
                + " it. " + advice + ", or say largeStatements(table, ROLLED_BACK)");
    }
}
