package dev.commithooks.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page as a real browser sees it; beside {@code verify}: {@code ./mvnw surefire:test -Dtest=TimelineInBrowser}. Needs chromium. */
@Database
class TimelineInBrowser {

    private static final Path PICTURES = Path.of("target", "timeline");

    private final TestDatabase database;
    private final Path folder;
    private final Path page;

    TimelineInBrowser(TestDatabase database, @TempDir Path folder) {
        this.database = database;
        this.folder = folder;
        this.page = folder.resolve("timeline.html");
    }

    @BeforeEach
    void write() throws IOException {
        Timeline timeline = Timeline.ofLast(9).withRowValues();
        Story.tell(database, timeline);
        timeline.writeTo(page);
        Files.createDirectories(PICTURES);
    }

    @Test
    void itRunsNothingAndShowsEverything() throws Exception {
        String dom = browse("--dump-dom");

        assertThat(dom).contains("<title>Transactions</title>").doesNotContain("<script");
        assertThat(dom).contains("story &lt;script&gt;document.title = 'run'&lt;/script&gt;");
        assertThat(dom.split("<li class=\"savepoint")).hasSize(3);
        assertThat(dom.split("<li class=\"hook")).hasSize(5);
    }

    @Test
    void itIsLegibleInLightAndDark() throws Exception {
        assertThat(colours("light", 1)).contains(0xffffff, 0x1c2128).doesNotContain(0x0d1117);
        assertThat(colours("dark", 0)).contains(0x0d1117, 0xe6edf3).doesNotContain(0xffffff);
    }

    private Set<Integer> colours(String name, int scheme) throws Exception {
        File picture = PICTURES.resolve(name + ".png").toFile();
        browse(
                "--screenshot=" + picture.getAbsolutePath(),
                "--window-size=1200,900",
                "--hide-scrollbars",
                "--blink-settings=preferredColorScheme=" + scheme);
        BufferedImage image = ImageIO.read(picture);
        Set<Integer> colours = new HashSet<>();
        for (int x = 0; x < image.getWidth(); x++) {
            for (int y = 0; y < image.getHeight(); y++) {
                colours.add(image.getRGB(x, y) & 0xffffff);
            }
        }
        return colours;
    }

    private String browse(String... options) throws Exception {
        Path profile = Files.createTempDirectory(folder, "profile");
        Path output = folder.resolve("output");
        List<String> command = new ArrayList<>(List.of("chromium", "--headless", "--no-sandbox", "--disable-gpu"));
        command.addAll(List.of("--disable-quic", "--no-first-run", "--disable-background-networking"));
        command.addAll(List.of("--disable-component-update", "--disable-sync", "--user-data-dir=" + profile));
        command.addAll(List.of(options));
        command.add(page.toUri().toString());
        Process browser = new ProcessBuilder(command)
                .redirectOutput(output.toFile())
                .redirectError(folder.resolve("errors").toFile())
                .start();
        try {
            assertThat(browser.waitFor(60, TimeUnit.SECONDS))
                    .as("chromium ended")
                    .isTrue();
        } finally {
            browser.destroyForcibly();
        }
        assertThat(browser.exitValue())
                .as(Files.readString(folder.resolve("errors")))
                .isZero();
        return Files.readString(output);
    }
}
