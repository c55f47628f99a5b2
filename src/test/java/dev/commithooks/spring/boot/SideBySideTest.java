package dev.commithooks.spring.boot;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.DocTable;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.testing.Finding.Kind;
import dev.commithooks.testing.RolledBackDatabase;
import dev.commithooks.testing.RolledBackOptions;
import dev.commithooks.testing.TestTransaction;
import dev.commithooks.testing.Verdict;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.jdbc.datasource.AbstractDataSource;

/** The page's twelve situations, each run with {@code @TransactionalEventListener} and with a hook; cell by cell. */
@Database
class SideBySideTest {

    private final TestDatabase database;

    SideBySideTest(TestDatabase database) {
        this.database = database;
    }

    /** The listeners of Spring's; without commit hooks. */
    @Configuration(proxyBeanMethods = false)
    static class WithListener extends ListeningApplication {

        @Bean
        Listener listener(Told told) {
            return new Listener(told);
        }
    }

    /** A hook. */
    @Configuration(proxyBeanMethods = false)
    static class WithHook extends ListeningApplication {

        @Bean
        Hook hook(Told told) {
            return new Hook(told);
        }
    }

    /** The applications' data source, another database for each situation. */
    private static final class Switched extends AbstractDataSource {

        private @Nullable DataSource target;

        @Override
        public Connection getConnection() throws SQLException {
            return Objects.requireNonNull(target).getConnection();
        }

        @Override
        public Connection getConnection(String user, String password) {
            throw new UnsupportedOperationException("only as the one who owns it");
        }
    }

    @Test
    void tableSaysWhatHappens() {
        Switched dataSource = new Switched();
        dataSource.target = database.realDataSource(); // asked for its dialect at start
        List<List<String>> rows = new ArrayList<>();
        try (ConfigurableApplicationContext listener =
                        start(WithListener.class, dataSource, "commit-hooks.enabled=false");
                ConfigurableApplicationContext hook = start(WithHook.class, dataSource, "commit-hooks.enabled=true")) {
            for (Situation situation : Situation.values()) {
                rows.add(List.of(
                        situation.words(),
                        happen(situation, listener, dataSource),
                        happen(situation, hook, dataSource)));
            }
        }

        assertThat(rows)
                .as(markdown(rows))
                .isEqualTo(DocTable.under("## Compared with @TransactionalEventListener", Path.of("docs/SPRING.md")));
    }

    /** What to put into the page. */
    private static String markdown(List<List<String>> rows) {
        StringBuilder table = new StringBuilder("\n");
        rows.forEach(row -> table.append("| ").append(String.join(" | ", row)).append(" |\n"));
        return table.toString();
    }

    /** Who was told, what is in the database, and what the caller got. */
    private String happen(Situation situation, ConfigurableApplicationContext context, Switched dataSource) {
        RolledBackDatabase inTest = RolledBackDatabase.over(
                database.realDataSource(), RolledBackOptions.defaults().on(Kind.UNDONE_COMMIT, Verdict.IGNORE));
        try (TestTransaction test = inTest.begin(situation.words());
                HikariDataSource pool = poolOfOne(inTest.dataSource(), situation)) {
            dataSource.target = pool;
            ListeningApplication.Shop shop = context.getBean(ListeningApplication.Shop.class);
            shop.begin(test);
            String thrown = thrown(() -> situation.happen(shop));
            List<String> told = context.getBean(ListeningApplication.Told.class).lines();
            List<String> owners = DSL.using(inTest.dataSource(), SQLDialect.POSTGRES)
                    .select(ACCOUNT.OWNER)
                    .from(ACCOUNT)
                    .orderBy(ACCOUNT.ID)
                    .fetch(ACCOUNT.OWNER);
            return (told.isEmpty() ? "nothing" : String.join(", ", told))
                    + "; rows: " + (owners.isEmpty() ? "none" : String.join(", ", owners))
                    + "; caller: " + thrown;
        }
    }

    private static String thrown(Runnable work) {
        try {
            work.run();
            return "ok";
        } catch (RuntimeException failure) {
            return failure.getClass().getSimpleName();
        }
    }

    /** A pool of one, whose timeout only that situation meets that wants a second connection. */
    private static HikariDataSource poolOfOne(DataSource dataSource, Situation situation) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(dataSource);
        config.setMaximumPoolSize(1);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(situation == Situation.POOL_OF_ONE ? 500 : 30_000);
        return new HikariDataSource(config);
    }

    private static ConfigurableApplicationContext start(Class<?> application, DataSource dataSource, String property) {
        System.setProperty("org.springframework.boot.logging.LoggingSystem", "none");
        return new SpringApplicationBuilder(application)
                .properties(property, "spring.flyway.enabled=false", "spring.main.banner-mode=off")
                .initializers((ApplicationContextInitializer<GenericApplicationContext>)
                        context -> context.registerBean("dataSource", DataSource.class, () -> dataSource))
                .run();
    }
}
