package dev.commithooks.pictures;

import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.fixture.Browser;
import dev.commithooks.fixture.Browser.Scheme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The pictures as a real browser shows them; beside {@code verify}: {@code ./mvnw surefire:test -Dtest=PicturesInBrowser}. Needs chromium. */
class PicturesInBrowser {

    private static final Path SHOTS = Path.of("target", "pictures");
    private static final Pattern SIZE = Pattern.compile("width=\"(\\d+)\" height=\"(\\d+)\"");

    /** Texts that lie over one another, leave the picture, or are too long for their pill. */
    private static final String FINDINGS = """
            <div id="findings"></div><script>
            const svg = document.querySelector('svg'), all = svg.getBoundingClientRect(), found = [];
            const texts = [...svg.querySelectorAll('text')].map(it => [it.textContent, it.getBoundingClientRect()]);
            const pills = [...svg.querySelectorAll('rect.pill,rect.hollow')].map(it => it.getBoundingClientRect());
            const meet = (a, b) => a.left < b.right && b.left < a.right && a.top + 2 < b.bottom && b.top + 2 < a.bottom;
            texts.forEach(([text, box], i) => {
              if (box.left < all.left || box.right > all.right || box.bottom > all.bottom) found.push('outside: ' + text);
              texts.slice(i + 1).filter(([, other]) => meet(box, other)).forEach(([other]) => found.push(text + ' over ' + other));
              pills.filter(pill => meet(box, pill) && (box.left < pill.left || box.right > pill.right))
                .forEach(() => found.push('not within its pill: ' + text));
            });
            pills.forEach((pill, i) => {
              if (pills.slice(i + 1).some(other => meet(pill, other))) found.push('a pill over another');
              if (pill.right > all.right) found.push('a pill outside');
            });
            document.getElementById('findings').textContent = texts.length + ' texts; ' + found.join('; ');
            </script>
            """;

    private final Path folder;
    private final Browser browser;

    PicturesInBrowser(@TempDir Path folder) throws IOException {
        this.folder = folder;
        this.browser = new Browser(folder);
        Files.createDirectories(SHOTS);
    }

    static Stream<Path> pictures() throws IOException {
        return Files.list(Pictures.FOLDER)
                .filter(file -> file.toString().endsWith(".svg"))
                .sorted();
    }

    @ParameterizedTest
    @MethodSource("pictures")
    void nothingLiesOverAnythingElse(Path picture) throws Exception {
        assertThat(findings(Files.readString(picture))).endsWith(" texts; ").doesNotStartWith("0 ");
    }

    @Test
    void whatLiesOverSomethingElseIsFound() throws Exception {
        Svg svg = new Svg(200, 60, "a title", "nothing");
        svg.text(20, 30, Ink.TEXT, "", "over the title");
        svg.text(150, 50, Ink.TEXT, "", "much too long for this");
        svg.box(10, 40, 30, 16, Ink.BAD, "pill").text(12, 52, Ink.BAD, "", "longer than it");

        assertThat(findings(svg.toString()))
                .contains(
                        "a title over over the title", "outside: much too long", "not within its pill: longer than it");
    }

    private String findings(String svg) throws Exception {
        Path page =
                Files.writeString(folder.resolve("page.html"), "<!DOCTYPE html><meta charset=utf-8>" + svg + FINDINGS);
        Matcher findings = Pattern.compile("<div id=\"findings\">(.*?)</div>").matcher(browser.dom(page));
        assertThat(findings.find()).isTrue();
        return findings.group(1);
    }

    @ParameterizedTest
    @MethodSource("pictures")
    void itIsLegibleInLightAndDark(Path picture) throws Exception {
        Matcher size = SIZE.matcher(Files.readString(picture));
        assertThat(size.find()).isTrue();
        int width = Integer.parseInt(size.group(1));
        int height = Integer.parseInt(size.group(2));

        assertThat(width).as("as wide as a page of Markdown").isLessThanOrEqualTo(900);
        for (Scheme scheme : Scheme.values()) {
            Path shot = SHOTS.resolve(picture.getFileName().toString().replace(".svg", "-" + scheme + ".png"));
            assertThat(browser.colours(picture, scheme, width, height, shot))
                    .contains(scheme == Scheme.LIGHT ? 0x1c2128 : 0xe6edf3)
                    .contains(scheme == Scheme.LIGHT ? 0xffffff : 0x0d1117)
                    .doesNotContain(scheme == Scheme.LIGHT ? 0xe6edf3 : 0x1c2128);
        }
    }
}
