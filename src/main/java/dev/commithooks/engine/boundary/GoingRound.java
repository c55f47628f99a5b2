package dev.commithooks.engine.boundary;

import dev.commithooks.engine.log.FoldedChange;
import dev.commithooks.engine.registry.BoundHook;
import dev.commithooks.spi.HookObserver.Phase;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Before hooks that write rows whose before hooks write rows, and so on. */
final class GoingRound {

    private GoingRound() {}

    static IllegalStateException exception(String transaction, int rounds, List<FoldedChange> left) {
        Set<String> tables = new TreeSet<>();
        Set<String> hooks = new TreeSet<>();
        for (FoldedChange change : left) {
            tables.add(change.table().name());
            Stream.concat(
                            Arrays.stream(change.table().forChange(Phase.BEFORE, change.type())),
                            Arrays.stream(change.table().forSet(Phase.BEFORE)))
                    .map(BoundHook::name)
                    .forEach(hooks::add);
        }
        return new IllegalStateException("Transaction " + transaction + " IS rolled back: after " + rounds
                + " rounds of before hooks the last one had still changed " + left.size()
                + (left.size() == 1 ? " row of " : " rows of ") + String.join(", ", tables) + "; these hooks go round: "
                + String.join(", ", hooks) + ". Allow more rounds by cascade(rounds(n)), or write less in them.");
    }
}
