package dev.commithooks.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.springframework.util.ClassUtils;

/**
 * A slice of an application, as {@code @JooqTest} starts it: only auto-configurations that are listed for it. That annotation has
 * changed its package between Boot 3 and 4, so the test that has it is compiled here.
 */
@Database
class JooqSliceTest {

    private static final List<String> ANNOTATIONS = List.of(
            "org.springframework.boot.test.autoconfigure.jooq.JooqTest",
            "org.springframework.boot.jooq.test.autoconfigure.JooqTest");

    private static final String SOURCE = """
            package slice;

            import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
            import static org.assertj.core.api.Assertions.assertThat;

            import dev.commithooks.fixture.HookJournal;
            import org.jooq.DSLContext;
            import org.junit.jupiter.api.Test;
            import org.springframework.beans.factory.annotation.Autowired;
            import org.springframework.test.context.ContextConfiguration;
            import org.springframework.test.context.transaction.TestTransaction;

            @%s(properties = {"spring.flyway.enabled=false", "spring.main.banner-mode=off"})
            @ContextConfiguration(classes = dev.commithooks.spring.boot.JooqSlice.class)
            class AccountsSlice {

                @Test
                void committedRowsAreToldOf(@Autowired DSLContext dsl, @Autowired HookJournal told) {
                    dsl.insertInto(ACCOUNT).set(ACCOUNT.OWNER, "ann").execute();
                    TestTransaction.flagForCommit();
                    TestTransaction.end();
                    TestTransaction.start();
                    dsl.insertInto(ACCOUNT).set(ACCOUNT.OWNER, "bob").execute();
                    TestTransaction.end();

                    assertThat(told.events())
                            .containsExactly(
                                    "before insert account[1]", "after insert account[1]", "failed WORK insert account[2]");
                }
            }
            """;

    private final TestDatabase database;

    JooqSliceTest(TestDatabase database) {
        this.database = database;
    }

    @Test
    void hooksAreInASliceOfJooq(@TempDir Path folder) throws Exception {
        System.setProperty("org.springframework.boot.logging.LoggingSystem", "none");
        JooqSlice.dataSource = database.pool(2);
        String annotation = ANNOTATIONS.stream()
                .filter(name -> ClassUtils.isPresent(name, null))
                .findFirst()
                .orElseThrow();
        compile(folder, SOURCE.formatted(annotation));
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()}, before)) {
            Thread.currentThread().setContextClassLoader(loader);
            EngineTestKit.engine("junit-jupiter")
                    .selectors(selectClass(loader.loadClass("slice.AccountsSlice")))
                    .execute()
                    .testEvents()
                    .assertStatistics(tests -> tests.started(1).succeeded(1));
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }

        assertThat(database.journal()).hasSize(1);
    }

    private static void compile(Path folder, String source) throws IOException {
        Path file = Files.writeString(folder.resolve("AccountsSlice.java"), source);
        var compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler(), "a JDK");
        try (var files = compiler.getStandardFileManager(null, Locale.ROOT, null)) {
            List<String> options = Stream.of(
                            "-proc:none", "-nowarn", "-d", folder, "-cp", System.getProperty("java.class.path"))
                    .map(Object::toString)
                    .toList();
            assertThat(compiler.getTask(null, files, null, options, null, files.getJavaFileObjects(file))
                            .call())
                    .isTrue();
        }
    }
}
