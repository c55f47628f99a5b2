package dev.commithooks.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.examples.Documentation.Block;
import dev.commithooks.examples.Documentation.Section;
import dev.commithooks.fixture.DocTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The first page: short, with a hook at once, and two clicks away from everything. */
class ReadmeTest {

    private static final String README = Documentation.read(Documentation.readme());

    @Test
    void itHasAtMost200Lines() {
        assertThat(README.lines().count()).isLessThanOrEqualTo(200);
    }

    @Test
    void firstHookIsCompleteByLine25() {
        Block first = Documentation.blocks(Documentation.readme(), "java").get(0);

        assertThat(first.text())
                .contains(
                        "import dev.commithooks.CommitHooks;", "CommitHooks.builder()", "attachTo", "dsl.transaction");
        assertThat(first.line() + first.text().lines().count()).isLessThanOrEqualTo(25);
    }

    /** In words that they search for. */
    @Test
    void firstScreenAnswersWhatPeopleAsk() {
        String screen = README.lines().limit(40).collect(Collectors.joining(" "));

        assertThat(screen)
                .containsIgnoringCase("after-commit events")
                .containsIgnoringCase("record listeners")
                .containsIgnoringCase("transaction listeners")
                .containsIgnoringCase("correlate");
    }

    @Test
    void whatItCostsIsQuotedFromThePerformancePage() {
        List<String> lines = Documentation.read(Path.of("docs/PERFORMANCE.md"))
                .lines()
                .takeWhile(line -> !line.startsWith("## "))
                .filter(line -> line.startsWith("- "))
                .map(line -> line.substring(2))
                .toList();

        String readme = README.replaceAll("\\s+", " ");
        assertThat(lines).hasSize(2).allSatisfy(line -> assertThat(readme).contains(line));
    }

    @Test
    void everyCellOfTheComparisonLeadsToWhatItSays() {
        List<List<String>> rows = DocTable.under("## What you would use instead", Documentation.readme());

        assertThat(rows)
                .hasSize(8)
                .allSatisfy(row -> assertThat(row.subList(1, row.size()))
                        .hasSize(5)
                        .allSatisfy(cell -> assertThat(cell).matches("\\[[^\\]]+]\\([^)]+\\)")));
    }

    /** Words in quotes are those of the page: "commitEnd", "after commit". */
    @Test
    void whatTheComparisonQuotesStandsOnThePage() {
        Section comparison = Documentation.section(Documentation.readme(), "what-you-would-use-instead");
        List<MatchResult> quotes = Pattern.compile("\\[\"([^\"]+)\"]\\((docs/[\\w.]+)#([\\w-]+)\\)")
                .matcher(comparison.text())
                .results()
                .toList();

        assertThat(quotes).hasSizeGreaterThanOrEqualTo(6).allSatisfy(quote -> {
            Path page = Documentation.ROOT.resolve(quote.group(2));
            String section = Documentation.section(page, quote.group(3)).text();
            assertThat(letters(section)).as(quote.group()).contains(letters(quote.group(1)));
        });
    }

    private static String letters(String text) {
        return text.replaceAll("[\\W_]", "").toLowerCase(Locale.ROOT);
    }

    /** Found is what stands in the very section that a link leads to. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "see hooks fire in a test | <!-- region: rolled-back-test -->",
                "see hooks fire in a test of Spring's | <!-- region: hooks-in-tests -->",
                "make a hook survive a crash | <!-- region: durable -->",
                "catch dsl.update | `dsl.update(T)`",
                "use it under Spring | <!-- region: spring-hook-bean -->",
                "know what happens on a lost COMMIT | COMMIT was sent and no answer came",
                "resolve a lost COMMIT | <!-- region: resolver -->",
                "know why others lie | ## jOOQ's transaction listeners",
                "find a word of Django's | `transaction.on_commit(f)`",
                "store records with their dependents | <!-- region: store-graph -->",
                "read the log | `dev.commithooks.durable`"
            })
    void itIsTwoClicksAwayFrom(String task, String words) {
        Set<Section> reached = new LinkedHashSet<>();
        reached.add(new Section(Documentation.readme(), "", README));
        for (int click = 1; click <= 2; click++) {
            List.copyOf(reached).forEach(section -> reached.addAll(neighbours(section)));
        }

        assertThat(reached.stream().filter(section -> section.text().contains(words)))
                .as("%s: no section within two clicks has %s", task, words)
                .isNotEmpty();
    }

    private static List<Section> neighbours(Section section) {
        return Documentation.links(section).stream()
                .filter(link -> link.destination().toString().endsWith(".md") && Files.exists(link.destination()))
                .map(link -> Documentation.section(link.destination(), link.anchor()))
                .toList();
    }
}
