package dev.commithooks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import io.r2dbc.spi.ConnectionFactory;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jooq.DSLContext;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.postgresql.Driver;
import org.reactivestreams.Publisher;

/** The library in a JVM that has jOOQ, what jOOQ brings, JSpecify, a driver, and none of the optional libraries. */
@Database
@NeedsRealCommits("another JVM")
class AloneTest {

    private final TestDatabase database;

    AloneTest(TestDatabase database) {
        this.database = database;
    }

    @Test
    void hooksRunWithoutAnyOptionalLibrary() throws Exception {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Dorg.jooq.no-logo=true",
                        "-Dorg.jooq.no-tips=true",
                        "-cp",
                        classPath(),
                        AloneProgram.class.getName(),
                        placeOf(CommitHooks.class).toString(),
                        database.jdbcUrl(),
                        database.user(),
                        database.password())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(said.lines())
                .containsExactly(
                        "not there: spring, jpa, jta, scheduler, micrometer, junit",
                        "loaded: every class that is none of an integration's",
                        "before ann",
                        "after ann",
                        "failed bob");
        assertThat(child.exitValue()).isZero();
        assertThat(database.journal()).hasSize(1);
    }

    private static String classPath() {
        return Stream.of(
                        CommitHooks.class,
                        AloneProgram.class,
                        DSLContext.class,
                        NullMarked.class,
                        Driver.class,
                        ConnectionFactory.class,
                        Publisher.class)
                .map(AloneTest::placeOf)
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static Path placeOf(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
