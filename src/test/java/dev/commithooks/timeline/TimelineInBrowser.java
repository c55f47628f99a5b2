package dev.commithooks.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.fixture.Browser;
import dev.commithooks.fixture.Browser.Scheme;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page as a real browser sees it; beside {@code verify}: {@code ./mvnw surefire:test -Dtest=TimelineInBrowser}. Needs chromium. */
@Database
class TimelineInBrowser {

    private static final Path PICTURES = Path.of("target", "timeline");

    private final TestDatabase database;
    private final Browser browser;
    private final Path page;

    TimelineInBrowser(TestDatabase database, @TempDir Path folder) {
        this.database = database;
        this.browser = new Browser(folder);
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
        String dom = browser.dom(page);

        assertThat(dom).contains("<title>Transactions</title>").doesNotContain("<script");
        assertThat(dom).contains("story &lt;script&gt;document.title = 'run'&lt;/script&gt;");
        assertThat(dom.split("<li class=\"savepoint")).hasSize(3);
        assertThat(dom.split("<li class=\"hook")).hasSize(5);
    }

    @Test
    void itIsLegibleInLightAndDark() throws Exception {
        assertThat(colours(Scheme.LIGHT)).contains(0xffffff, 0x1c2128).doesNotContain(0x0d1117);
        assertThat(colours(Scheme.DARK)).contains(0x0d1117, 0xe6edf3).doesNotContain(0xffffff);
    }

    private Set<Integer> colours(Scheme scheme) throws Exception {
        return browser.colours(page, scheme, 1200, 900, PICTURES.resolve(scheme + ".png"));
    }
}
