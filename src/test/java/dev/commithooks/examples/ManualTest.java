package dev.commithooks.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.examples.Documentation.Block;
import dev.commithooks.examples.Documentation.Link;
import dev.commithooks.examples.Documentation.Region;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** All pages: their links lead somewhere, and what stands in their blocks is what runs, or what was printed. */
class ManualTest {

    private static final Pattern EXAMPLE = Pattern.compile("exec:java@([\\w-]+)");
    private static final Pattern TEST = Pattern.compile("-Dtest=(\\w+)");
    private static final Pattern PROFILE = Pattern.compile("-P(\\w+)");
    private static final Pattern NAMED_TEST = Pattern.compile("`(\\w+Test)(?:\\.(\\w+))?`");

    @Test
    void everyBlockOfCodeIsTheRegionOfCodeThatItNames() {
        Map<String, String> regions =
                Documentation.regions().stream().collect(Collectors.toMap(Region::name, Region::text));

        assertThat(code().toList()).isNotEmpty().allSatisfy(block -> {
            assertThat(block.name()).as("comment above the block at %s", block).startsWith("region: ");
            String region = block.name().substring("region: ".length());
            assertThat(regions).as("region named at %s", block).containsKey(region);
            assertThat(block.text()).as("block at %s", block).isEqualTo(regions.get(region));
        });
    }

    @Test
    void everyRegionIsQuotedSomewhere() {
        Set<String> quoted = code().map(Block::name).collect(Collectors.toSet());

        assertThat(Documentation.regions())
                .allSatisfy(region -> assertThat(quoted).contains("region: " + region.name()));
    }

    @Test
    void everyOutputIsComparedByATestWithWhatWasPrinted() {
        String tests = Documentation.testSources();

        assertThat(blocks("text").toList()).isNotEmpty().allSatisfy(block -> {
            assertThat(block.name()).as("comment above the block at %s", block).startsWith("output: ");
            String output = block.name().substring("output: ".length());
            assertThat(tests.contains("Documentation.output(\"" + output + "\")"))
                    .as("a test that compares the block at %s", block)
                    .isTrue();
        });
    }

    @Test
    void everyBlockOfXmlStandsInAPom() {
        String poms = Stream.of(
                        "pom.xml",
                        "examples/spring-shop/pom.xml",
                        "examples/kotlin/pom.xml",
                        "examples/tutorial/pom.xml")
                .map(pom -> squeezed(Documentation.read(Documentation.ROOT.resolve(pom))))
                .collect(Collectors.joining("\n"));

        assertThat(blocks("xml").toList())
                .isNotEmpty()
                .allSatisfy(block -> assertThat(poms.contains(squeezed(block.text())))
                        .as("a POM that the build uses, with the block at %s", block)
                        .isTrue());
    }

    @Test
    void everyBlockOfSqlIsRunByAMigrationOrATest() {
        String scripts = squeezed(Stream.of("db-migrations", "examples")
                        .flatMap(folder -> Documentation.files(Documentation.ROOT.resolve(folder), ".sql").stream())
                        .map(Documentation::read)
                        .collect(Collectors.joining("\n"))
                + Documentation.testSources());

        assertThat(blocks("sql").toList())
                .isNotEmpty()
                .allSatisfy(block -> assertThat(
                                scripts.contains(squeezed(block.text().replaceAll(";? *--.*", ""))))
                        .as("a migration or test that runs the block at %s", block)
                        .isTrue());
    }

    private static String squeezed(String xml) {
        return xml.replaceAll("(?s)<(scope|optional)>.*?</\\1>", "")
                .replace("${db-scheduler.version}", property("db-scheduler.version"))
                .replaceAll("\\s+", "");
    }

    private static String property(String name) {
        String pom = Documentation.read(Documentation.ROOT.resolve("pom.xml"));
        String open = "<" + name + ">";
        return pom.substring(pom.indexOf(open) + open.length(), pom.indexOf("</" + name + ">"));
    }

    @Test
    void everyCommandNamesWhatThereIs() {
        String pom = Documentation.read(Documentation.ROOT.resolve("pom.xml"));

        for (Path page : Documentation.allPages()) {
            String text = Documentation.read(page);
            assertThat(EXAMPLE.matcher(text).results().map(found -> found.group(1)))
                    .as("examples run by commands in %s", page)
                    .allSatisfy(example -> assertThat(pom).contains("<id>" + example + "</id>"));
            assertThat(PROFILE.matcher(text).results().map(found -> found.group(1)))
                    .as("profiles in commands in %s", page)
                    .allSatisfy(profile -> assertThat(pom).contains("<id>" + profile + "</id>"));
            assertThat(TEST.matcher(text).results().map(found -> found.group(1)))
                    .as("tests run by commands in %s", page)
                    .allSatisfy(test -> assertThat(testClasses()).containsKey(test));
        }
    }

    @Test
    void everyTestThatIsNamedIsThere() {
        Map<String, Path> classes = testClasses();

        for (Path page : Documentation.allPages()) {
            for (MatchResult named :
                    NAMED_TEST.matcher(Documentation.read(page)).results().toList()) {
                assertThat(classes).as("test named in %s", page).containsKey(named.group(1));
                if (named.group(2) != null) {
                    assertThat(Documentation.read(classes.get(named.group(1))))
                            .as("%s, named in %s", named.group(), page)
                            .contains("void " + named.group(2) + "(");
                }
            }
        }
    }

    private static Map<String, Path> testClasses() {
        return Stream.of("src/test/java", "examples")
                .flatMap(folder -> Documentation.files(Documentation.ROOT.resolve(folder), "Test.java").stream())
                .collect(Collectors.toMap(
                        file -> file.getFileName().toString().replace(".java", ""), file -> file, (one, other) -> one));
    }

    @Test
    void everyLinkLeadsSomewhere() {
        List<Link> broken = Documentation.allPages().stream()
                .flatMap(page -> Documentation.links(page).stream())
                .filter(link -> !leadsSomewhere(link))
                .toList();

        assertThat(broken).as("broken links").isEmpty();
    }

    private static boolean leadsSomewhere(Link link) {
        return Files.exists(link.destination())
                && (link.anchor().isEmpty()
                        || Documentation.anchors(link.destination()).contains(link.anchor()));
    }

    @Test
    void everyPageIsInTheIndex() {
        Path index = Documentation.ROOT.resolve("docs/README.md");
        List<Path> linked =
                Documentation.links(index).stream().map(Link::destination).toList();

        assertThat(Documentation.pages())
                .filteredOn(page -> !page.equals(index))
                .isSubsetOf(linked);
    }

    private static Stream<Block> code() {
        return Stream.concat(blocks("java"), blocks("kotlin"));
    }

    private static Stream<Block> blocks(String language) {
        return Documentation.pages().stream().flatMap(page -> Documentation.blocks(page, language).stream());
    }
}
