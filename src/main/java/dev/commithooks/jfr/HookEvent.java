package dev.commithooks.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** One call of a hook or callback. */
@Name("dev.commithooks.Hook")
@Label("Hook")
@Description("One call of a commit hook or callback")
@Category({"jOOQ", "Commit Hooks"})
@StackTrace(false)
final class HookEvent extends Event {

    @Label("Transaction")
    String transaction = "";

    @Label("Transaction Name")
    @Nullable
    String name;

    @Label("Attempt")
    int attempt;

    @Label("Hook")
    String hook = "";

    @Label("Method")
    String method = "";

    @Label("Table")
    @Nullable
    String table;

    @Label("Phase")
    String phase = "";

    @Label("Changes")
    int changes;

    @Label("Summarized Rows")
    @Description("Rows of statements that wrote too many to be told one by one")
    long summarizedRows;

    @Label("Outcome")
    String outcome = "";

    @Label("Failure")
    @Nullable
    String failure;
}
