package dev.commithooks.engine.lookup;

import dev.commithooks.engine.boundary.Level;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Warnings, each said once a place in the application's code. */
final class Warnings {

    private static final System.Logger LOG = System.getLogger("dev.commithooks");
    private static final int REMEMBERED = 1_000;
    /** The class of ours that the application calls, and that calls the engine. */
    private static final String CALLED_FOR_CALLBACKS = "dev.commithooks.ConfiguredTransaction";

    private final Set<String> said = ConcurrentHashMap.newKeySet();

    /** Something was done outside of the transaction that is open on this thread. */
    void trap(String what, String about) {
        String place = place();
        once(
                "trap " + about + place,
                what + " outside the transaction that is open on this thread, at " + place
                        + ": it is attached to the outer configuration, so that its statement commits by itself. Use"
                        + " tx.dsl() of dsl.transaction(tx -> ...), or record.attach(tx).");
    }

    void leaked(Level level, String table) {
        String place = place();
        once(
                "leaked " + table + place,
                "A row of " + table + " was written with the configuration of a transaction that is over, at " + place
                        + ": its statement commits by itself. Do not keep a transaction's configuration after its end. It was: "
                        + level);
    }

    void outside(String about, String operation) {
        once(
                "outside " + about + operation,
                (about.equals("callback")
                                ? "An onCommit callback was registered"
                                : "A record of " + about + " was written")
                        + " outside a transaction, at " + place()
                        + (about.equals("callback") ? "; it runs now." : "; its hooks fire for the statement alone."));
    }

    private void once(String key, String message) {
        if (said.size() < REMEMBERED && said.add(key)) {
            LOG.log(System.Logger.Level.WARNING, message);
        }
    }

    private static String place() {
        return StackWalker.getInstance()
                .walk(frames -> frames.filter(frame -> !isInner(frame.getClassName()))
                        .findFirst()
                        .map(frame -> frame.getClassName() + "." + frame.getMethodName() + ":" + frame.getLineNumber())
                        .orElse("an unknown place"));
    }

    private static boolean isInner(String className) {
        return className.startsWith("org.jooq.")
                || className.startsWith("dev.commithooks.engine.")
                || className.equals(CALLED_FOR_CALLBACKS)
                || className.startsWith("java.");
    }
}
