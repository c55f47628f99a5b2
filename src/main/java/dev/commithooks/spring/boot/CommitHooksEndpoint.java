package dev.commithooks.spring.boot;

import dev.commithooks.CommitHooks;
import dev.commithooks.HookOverview;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/**
 * The endpoint {@code commithooks} of Spring Boot's actuator: which hooks are called for which table and method, in which order, and
 * the policies. It takes no connection. Thread-safe.
 */
@SuppressWarnings("exports") // the annotations are of modules that only those need who use it
@Endpoint(id = "commithooks")
public final class CommitHooksEndpoint {

    private final Map<String, CommitHooks> hooks;

    /** Of hooks by the names of their beans. */
    public CommitHooksEndpoint(Map<String, CommitHooks> hooks) {
        this.hooks = Map.copyOf(hooks);
    }

    /** The answer: each bean's hooks. */
    public record Overviews(Map<String, HookOverview> beans) {}

    /** All hooks and policies. */
    @ReadOperation
    public Overviews overviews() {
        Map<String, HookOverview> beans = new LinkedHashMap<>();
        hooks.forEach((name, bean) -> beans.put(name, bean.overview()));
        return new Overviews(beans);
    }
}
