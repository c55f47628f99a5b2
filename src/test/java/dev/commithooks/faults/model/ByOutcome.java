package dev.commithooks.faults.model;

import java.util.List;

/** What was told, as far as it can be compared where neither the order nor the stage of failures is known. */
record ByOutcome(Tree tree, ModelWorld model) {

    List<String> of(List<String> told) {
        List<String> outcomes = told.stream()
                .map(event -> event.replaceFirst(" [A-Z_]+$", ""))
                .sorted()
                .toList();
        return model.hasSessionEnded && model.hasBeenEndedByHand ? withoutDoubt(outcomes) : outcomes;
    }

    /**
     * That a row is not committed may be certain or in doubt. Callbacks, and where not all hooks are there those of doubt, are told of the
     * one and not of the other.
     */
    private List<String> withoutDoubt(List<String> outcomes) {
        return outcomes.stream()
                .filter(event -> !event.startsWith("onRollback"))
                .filter(event ->
                        tree.missing().isEmpty() || !event.startsWith("failed") && !event.startsWith("inDoubt"))
                .map(event -> event.replaceFirst("^inDoubt", "failed"))
                .sorted()
                .toList();
    }
}
