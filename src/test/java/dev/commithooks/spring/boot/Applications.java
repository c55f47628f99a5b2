package dev.commithooks.spring.boot;

import dev.commithooks.fixture.TestDatabase;
import javax.sql.DataSource;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

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
}
