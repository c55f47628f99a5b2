package dev.commithooks.engine.boundary;

import dev.commithooks.change.ChangeType;
import dev.commithooks.engine.log.FoldedChange;
import dev.commithooks.spi.HookObserver.Phase;
import java.util.List;

/** What is said of changes in doubt where no hook takes them. */
final class Doubt {

    private static final System.Logger LOG = System.getLogger("dev.commithooks");
    private static final int NAMED = 100;

    private Doubt() {}

    static void log(String transaction, List<FoldedChange> changes) {
        List<String> rows = changes.stream()
                .filter(change -> change.table().forChange(Phase.IN_DOUBT, change.type()).length == 0)
                .map(Doubt::describe)
                .toList();
        if (!rows.isEmpty()) {
            List<String> named = rows.size() > NAMED ? rows.subList(0, NAMED) : rows;
            LOG.log(
                    System.Logger.Level.ERROR,
                    "Transaction " + transaction + " IS IN DOUBT: nobody knows whether these " + rows.size()
                            + " changes are committed: " + named + (rows.size() > NAMED ? " and more" : ""));
        }
    }

    private static String describe(FoldedChange change) {
        String verb = change.type() == ChangeType.INSERT
                ? "insert "
                : change.type() == ChangeType.UPDATE ? "update " : "delete ";
        return verb
                + change.toChange(null)
                        .key()
                        .map(Object::toString)
                        .orElse(change.table().name() + "[key unknown]");
    }
}
