package dev.commithooks.spring.boot;

import dev.commithooks.fixture.HookJournal;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What a test of a slice adds to it. Public, since that test is compiled elsewhere. */
@Configuration(proxyBeanMethods = false)
public class JooqSlice {

    /** Set by the test that runs it. */
    static @Nullable DataSource dataSource;

    /** Made by Spring. */
    public JooqSlice() {}

    @Bean
    @Nullable
    DataSource dataSource() {
        return dataSource;
    }

    @Bean
    @AllTables
    HookJournal journal() {
        return new HookJournal();
    }
}
