package dev.commithooks.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.aot.hint.predicate.RuntimeHintsPredicates.reflection;
import static org.springframework.aot.hint.predicate.RuntimeHintsPredicates.resource;

import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.bookshop.shop.tables.records.BookRecord;
import dev.commithooks.change.Inserted;
import dev.commithooks.change.TableChanges;
import dev.commithooks.hook.AfterCommitHooks;
import dev.commithooks.hook.HookContext;
import dev.commithooks.spi.ConnectionState;
import javax.sql.DataSource;
import org.jooq.Record;
import org.jooq.TransactionProvider;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.jdbc.PgConnection;
import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.GeneratedFiles.Kind;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.javapoet.ClassName;

/** An application processed ahead of time, as for a native image: what is generated, and what the image is told to keep. */
class AheadOfTimeTest {

    /** The application. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Welcome.class)
    public static class Application {

        @Bean
        public DataSource dataSource() {
            return new PGSimpleDataSource(); // nothing is connected to
        }

        @Bean
        public Sets<BookRecord> sets() {
            return new Sets<>();
        }
    }

    /** A hook whose table is that of its class. */
    public static class Welcome implements AfterCommitHooks<AccountRecord> {

        @Override
        public void afterCommitInsert(Inserted<AccountRecord> account, HookContext ctx) {}
    }

    /** One whose table is that of its bean method. */
    public static class Sets<R extends Record> implements AfterCommitHooks<R> {

        @Override
        public void afterCommit(TableChanges<R> changes, HookContext ctx) {}
    }

    private final InMemoryGeneratedFiles files = new InMemoryGeneratedFiles();

    private RuntimeHints process() {
        DefaultGenerationContext generation =
                new DefaultGenerationContext(new ClassNameGenerator(ClassName.get(Application.class)), files);
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            TestPropertyValues.of(
                            "spring.flyway.enabled=false", "management.endpoints.web.exposure.include=commithooks")
                    .applyTo(context);
            context.register(Application.class);
            new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
            generation.writeGeneratedContent();
        }
        return generation.getRuntimeHints();
    }

    @Test
    void hookBeansAreFoundInANativeImage() throws Exception {
        RuntimeHints hints = process();

        assertThat(reflection()
                        .onMethod(Welcome.class.getMethod("afterCommitInsert", Inserted.class, HookContext.class))
                        .invoke())
                .accepts(hints);
        assertThat(reflection()
                        .onMethod(Sets.class.getMethod("afterCommit", TableChanges.class, HookContext.class))
                        .invoke())
                .accepts(hints);
        assertThat(reflection()
                        .onConstructor(AccountRecord.class.getConstructor())
                        .invoke())
                .accepts(hints);
        assertThat(reflection().onConstructor(BookRecord.class.getConstructor()).invoke())
                .accepts(hints);
    }

    @Test
    void endpointsAnswerAndPropertiesAreKept() throws Exception {
        RuntimeHints hints = process();

        assertThat(reflection()
                        .onMethod(CommitHooksEndpoint.class.getMethod("overviews"))
                        .invoke())
                .accepts(hints);
        assertThat(reflection()
                        .onMethod(CommitHooksEndpoint.Overviews.class.getMethod("beans"))
                        .invoke())
                .accepts(hints);
        assertThat(reflection()
                        .onMethod(
                                CommitHooksProperties.class.getMethod("setBypass", dev.commithooks.policy.Bypass.class))
                        .invoke())
                .accepts(hints);
    }

    @Test
    void beansAreMadeByGeneratedCode() {
        process();

        assertThat(files.getGeneratedFiles(Kind.SOURCE).keySet())
                .anyMatch(file -> file.contains("CommitHooksAutoConfiguration__BeanDefinitions"))
                .anyMatch(file -> file.contains("CommitHooksMicrometerAutoConfiguration__BeanDefinitions"))
                .anyMatch(file -> file.contains("CommitHooksEndpointAutoConfiguration__BeanDefinitions"));
    }

    @Test
    void libraryNamesWhatItReaches() throws Exception {
        RuntimeHints hints = new RuntimeHints();
        new LibraryHints().registerHints(hints, getClass().getClassLoader());

        assertThat(reflection()
                        .onMethod(PgConnection.class.getMethod("getTransactionState"))
                        .invoke())
                .accepts(hints);
        assertThat(reflection()
                        .onMethod(ConnectionState.class.getMethod("transactionState"))
                        .invoke())
                .accepts(hints);
        assertThat(reflection()
                        .onMethod(TransactionProvider.class.getMethod("begin", org.jooq.TransactionContext.class))
                        .invoke())
                .accepts(hints);
        assertThat(resource().forResource("dev/commithooks/durable/postgresql.sql"))
                .accepts(hints);
        assertThat(resource().forResource("dev/commithooks/durable/outbox-postgresql.sql"))
                .accepts(hints);
    }
}
