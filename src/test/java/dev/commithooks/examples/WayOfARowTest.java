package dev.commithooks.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The way of a row, as a newcomer reads it in the decisions, names classes and methods that are there, in the packages it says. */
class WayOfARowTest {

    private static final Path DECISIONS = Documentation.ROOT.resolve("docs/DECISIONS.md");
    private static final Path ENGINE = Documentation.ROOT.resolve("src/main/java/dev/commithooks/engine");
    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");
    private static final Pattern SAID = Pattern.compile("these are (\\d+) classes");

    @Test
    void everyStepIsThere() {
        assertThat(steps()).hasSizeGreaterThan(10).allSatisfy(step -> {
            String[] cells = step.split("\\|");
            List<String> packages = quoted(cells[2]);
            assertThat(quoted(cells[3]))
                    .isNotEmpty()
                    .allSatisfy(name -> assertThat(packages).anySatisfy(where -> assertIsIn(where, name)));
        });
    }

    /** The whole section. */
    private static String section() {
        String page = Documentation.read(DECISIONS);
        return page.substring(page.indexOf("## The way of a row"));
    }

    private static List<String> steps() {
        return section()
                .lines()
                .filter(line -> line.contains("`") && line.startsWith("| "))
                .toList();
    }

    /** The classes that it names, those of the engine that a row passes. */
    static Set<String> classes() {
        return steps().stream()
                .flatMap(step -> quoted(step.split("\\|")[3]).stream())
                .map(name -> name.split("\\.")[0])
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The number of classes that it says. */
    static int said() {
        Matcher said = SAID.matcher(section());
        assertThat(said.find()).isTrue();
        return Integer.parseInt(said.group(1));
    }

    private static List<String> quoted(String cell) {
        List<String> names = new ArrayList<>();
        QUOTED.matcher(cell).results().map(MatchResult::group).forEach(name -> names.add(name.replace("`", "")));
        return names;
    }

    private static void assertIsIn(String where, String name) {
        String[] parts = name.split("\\.");
        Path file = ENGINE.resolve(where).resolve(parts[0] + ".java");
        assertThat(file).exists();
        if (parts.length > 1) {
            assertThat(Documentation.read(file)).contains(" " + parts[1] + "(");
        }
    }
}
