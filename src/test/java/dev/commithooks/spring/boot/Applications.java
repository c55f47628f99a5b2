package dev.commithooks.spring.boot;

import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.fixture.TestDatabase;
import java.util.Objects;
import javax.sql.DataSource;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.io.support.SpringFactoriesLoader;

/** Real applications of Spring Boot's, on a test's database. */
final class Applications {

    private Applications() {}

    /** Starts one that has the database as its data source. */
    static ConfigurableApplicationContext start(TestDatabase database, Class<?> application, String... properties) {
        System.setProperty("org.springframework.boot.logging.LoggingSystem", "none");
        DataSource pool = database.pool(2);
        return new SpringApplicationBuilder(application)
                .properties(properties)
                .properties("spring.flyway.enabled=false", "spring.main.banner-mode=off")
                .initializers((ApplicationContextInitializer<GenericApplicationContext>)
                        context -> context.registerBean("dataSource", DataSource.class, () -> pool))
                .run();
    }

    /** The report on one that does not start, as Boot prints it, found as Boot finds it: by asking the analyzers that are registered. */
    static FailureAnalysis reportOf(TestDatabase database, Class<?> application, String... properties) {
        Throwable failure = Objects.requireNonNull(
                catchThrowable(() -> start(database, application, properties).close()), "it has started");
        return SpringFactoriesLoader.forDefaultResourceLocation()
                .load(FailureAnalyzer.class, (type, name, cause) -> {})
                .stream()
                .filter(analyzer -> analyzer.getClass().getName().startsWith("dev.commithooks."))
                .map(analyzer -> analyzer.analyze(failure))
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no report", failure));
    }
}
