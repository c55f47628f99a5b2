package dev.commithooks;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Exports;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What is public is what docs/API.md says. */
class PublicApiTest {

    private static final Path ROOT = Path.of(System.getProperty("basedir", ""));
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(dev\\.commithooks[.\\w]*)` \\| (\\w+) \\| \\S");

    @Test
    void everyExportedPackageIsInTheBillWithItsStability() throws IOException {
        List<String> exported;
        try (InputStream module = Files.newInputStream(ROOT.resolve("target/classes/module-info.class"))) {
            exported = ModuleDescriptor.read(module).exports().stream()
                    .map(Exports::source)
                    .sorted()
                    .toList();
        }
        Matcher row = ROW.matcher(Files.readString(ROOT.resolve("docs/API.md")));

        assertThat(row.results().map(its -> its.group(1))).isEqualTo(exported);
    }

    @Test
    void everyStabilityIsExplained() throws IOException {
        String page = Files.readString(ROOT.resolve("docs/API.md"));
        Set<String> used = ROW.matcher(page).results().map(its -> its.group(2)).collect(toSet());

        assertThat(used).isNotEmpty().allSatisfy(level -> assertThat(page).contains("\n| " + level + " | "));
    }
}
