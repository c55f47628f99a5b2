package dev.commithooks.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** One attempt to call a durable hook with what was stored. */
@Name("dev.commithooks.Delivery")
@Label("Delivery")
@Description("One attempt to call a durable hook with a stored parcel")
@Category({"jOOQ", "Commit Hooks"})
@StackTrace(false)
final class DeliveryEvent extends Event {

    @Label("Hook")
    String hook = "";

    @Label("Parcel")
    String parcel = "";

    @Label("Attempt")
    int attempt;

    @Label("Changes")
    int changes;

    @Label("Outcome")
    String outcome = "";

    @Label("Failure")
    @Nullable
    String failure;

    @Label("Milliseconds Since Hand-Over")
    long age;
}
