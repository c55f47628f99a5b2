package dev.commithooks.spring.boot;

import dev.commithooks.CommitHooks;
import java.util.Map;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** The {@link CommitHooksEndpoint}, where the actuator is there and exposes it. */
@SuppressWarnings("exports") // the annotations are of modules that only those need who use it
@AutoConfiguration(after = CommitHooksAutoConfiguration.class)
@ConditionalOnClass({Endpoint.class, ConditionalOnAvailableEndpoint.class})
@ConditionalOnBean(CommitHooks.class)
public class CommitHooksEndpointAutoConfiguration {

    /** Made by Spring Boot. */
    public CommitHooksEndpointAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnAvailableEndpoint
    CommitHooksEndpoint commitHooksEndpoint(Map<String, CommitHooks> hooks) {
        return new CommitHooksEndpoint(hooks);
    }
}
