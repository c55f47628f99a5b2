package dev.commithooks.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** A top-level transaction, from its begin until all its hooks have run. */
@Name("dev.commithooks.Transaction")
@Label("Transaction")
@Description("A transaction with commit hooks, from its begin until all its hooks have run")
@Category({"jOOQ", "Commit Hooks"})
@StackTrace(false)
final class TransactionEvent extends Event {

    @Label("Transaction")
    String transaction = "";

    @Label("Name")
    @Nullable
    String name;

    @Label("Attempt")
    int attempt;

    @Label("Outcome")
    String outcome = "";

    @Label("Failed Stage")
    @Nullable
    String stage;

    @Label("Failure")
    @Nullable
    String failure;

    @Label("Changes")
    int changes;
}
