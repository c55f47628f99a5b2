package dev.commithooks.signals;

import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.fixture.DocTable;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A line of a table in docs/SIGNALS.md: a situation, and what was heard and found in it. */
record SignalLine(List<String> cells) {

    private static final Path PAGE = Path.of("docs", "SIGNALS.md");

    static Stream<SignalLine> under(String heading) {
        return DocTable.under(heading, PAGE).stream().map(SignalLine::new);
    }

    /** Fails where the page has situations that nobody runs, or lacks some. */
    static void tellsOfAll(String heading, Set<String> situations) {
        assertThat(under(heading).map(SignalLine::situation)).containsExactlyInAnyOrderElementsOf(situations);
    }

    String situation() {
        return cells.get(0);
    }

    @Override
    public String toString() {
        return situation();
    }
}
