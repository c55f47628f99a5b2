package dev.commithooks.engine.telling;

import dev.commithooks.engine.log.Effect;
import dev.commithooks.engine.log.RowChange;
import dev.commithooks.spi.HookObserver.Phase;
import dev.commithooks.transaction.TransactionInfo;
import java.util.List;
import java.util.Locale;

/** The log entry for changes in doubt that no in-doubt hook hears of: tables and keys. */
final class InDoubtLog {

    private static final System.Logger LOG = System.getLogger("dev.commithooks");
    private static final int NAMED = 100;

    private InDoubtLog() {}

    static void log(TransactionInfo transaction, List<Effect> effects) {
        List<String> rows = effects.stream()
                .filter(effect -> effect.hookedTable().all().stream()
                        .noneMatch(hook -> hook.method().phase() == Phase.IN_DOUBT
                                && !hook.durable()
                                && effect.reaches(hook.method())))
                .map(InDoubtLog::describe)
                .toList();
        if (!rows.isEmpty()) {
            List<String> named = rows.size() > NAMED ? rows.subList(0, NAMED) : rows;
            LOG.log(
                    System.Logger.Level.ERROR,
                    "Transaction " + transaction.id() + " IS IN DOUBT: nobody knows whether these " + rows.size()
                            + " changes are committed: " + named + (rows.size() > NAMED ? " and more" : ""));
        }
    }

    private static String describe(Effect effect) {
        return effect instanceof RowChange change ? describe(change) : effect.toString();
    }

    private static String describe(RowChange change) {
        return change.type().name().toLowerCase(Locale.ROOT) + " " + keyOf(change);
    }

    /** A key is rendered by classes of the user's, converters for instance, which must not keep hooks from being told. */
    private static String keyOf(RowChange change) {
        String unknown = change.hookedTable().name() + "[key unknown]";
        try {
            return change.toChange(null).key().map(Object::toString).orElse(unknown);
        } catch (RuntimeException | Error e) {
            return unknown;
        }
    }
}
