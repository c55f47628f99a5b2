package dev.commithooks.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.examples.Documentation.Block;
import dev.commithooks.examples.Documentation.Link;
import dev.commithooks.examples.Documentation.Region;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReadmeTest {

    @Test
    void everyBlockOfCodeIsTheRegionOfCodeThatItNames() {
        Map<String, String> regions =
                Documentation.regions().stream().collect(Collectors.toMap(Region::name, Region::text));

        assertThat(codeBlocks()).isNotEmpty().allSatisfy(block -> {
            assertThat(block.name()).as("comment above the block at %s", block).startsWith("region: ");
            String region = block.name().substring("region: ".length());
            assertThat(regions).as("region named at %s", block).containsKey(region);
            assertThat(block.text()).as("block at %s", block).isEqualTo(regions.get(region));
        });
    }

    @Test
    void whatItCostsIsQuotedFromThePerformancePage() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("docs/PERFORMANCE.md")).stream()
                .takeWhile(line -> !line.startsWith("## "))
                .filter(line -> line.startsWith("- "))
                .map(line -> line.substring(2))
                .toList();

        String readme = Files.readString(Path.of("README.md")).replaceAll("\\s+", " ");
        assertThat(lines).hasSize(2).allSatisfy(line -> assertThat(readme).contains(line));
    }

    @Test
    void everyRegionIsQuotedSomewhere() {
        Set<String> quoted = codeBlocks().stream().map(Block::name).collect(Collectors.toSet());

        assertThat(Documentation.regions())
                .allSatisfy(region -> assertThat(quoted).contains("region: " + region.name()));
    }

    @Test
    void firstHookIsCompleteByLine25() {
        Block first = Documentation.blocks(Documentation.readme(), "java").get(0);

        assertThat(first.text()).contains("CommitHooks.builder()", "attachTo", "dsl.transaction");
        assertThat(first.line() + first.text().lines().count()).isLessThanOrEqualTo(25);
    }

    @Test
    void everyLinkLeadsSomewhere() {
        for (Path page : Documentation.allPages()) {
            for (Link link : Documentation.links(page)) {
                Path target = link.target().isEmpty()
                        ? page
                        : Objects.requireNonNull(page.getParent()).resolve(link.target());
                assertThat(Files.exists(target)).as("%s", link).isTrue();
                if (!link.anchor().isEmpty()) {
                    assertThat(Documentation.anchors(target)).as("%s", link).contains(link.anchor());
                }
            }
        }
    }

    private static List<Block> codeBlocks() {
        return Documentation.pages().stream()
                .flatMap(page -> Stream.of("java", "kotlin").flatMap(its -> Documentation.blocks(page, its).stream()))
                .toList();
    }
}
