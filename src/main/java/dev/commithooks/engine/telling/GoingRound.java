package dev.commithooks.engine.telling;

import dev.commithooks.engine.log.Effect;
import dev.commithooks.engine.registry.BoundHook;
import dev.commithooks.spi.HookObserver.Phase;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Before hooks that write rows whose before hooks write rows, and so on. */
final class GoingRound {

    private GoingRound() {}

    static IllegalStateException exception(String transaction, int rounds, List<Effect> left) {
        Set<String> tables = new TreeSet<>();
        Set<String> hooks = new TreeSet<>();
        for (Effect effect : left) {
            tables.add(effect.hookedTable().name());
            effect.hookedTable().all().stream()
                    .filter(hook -> hook.method().phase() == Phase.BEFORE && effect.reaches(hook.method()))
                    .map(BoundHook::name)
                    .forEach(hooks::add);
        }
        return new IllegalStateException("Transaction " + transaction + " IS rolled back: after " + rounds
                + (rounds == 1 ? " round" : " rounds") + " of before hooks the last one had still changed "
                + left.size()
                + (left.size() == 1 ? " row of " : " rows of ") + String.join(", ", tables) + "; these hooks go round: "
                + String.join(", ", hooks) + ". Allow more rounds by cascade(rounds(n)), or write less in them.");
    }
}
