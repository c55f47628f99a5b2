package dev.commithooks.engine.provider;

import dev.commithooks.engine.boundary.OpenLevel;
import dev.commithooks.engine.boundary.OpenScopes;
import dev.commithooks.engine.boundary.Policies;
import dev.commithooks.engine.boundary.SelfBeginning;
import dev.commithooks.engine.capture.Capture;
import dev.commithooks.engine.registry.Registry;
import org.jooq.Configuration;
import org.jspecify.annotations.Nullable;

/** One set of hooks at work: what is registered, the policies, and the listeners and providers that jOOQ calls. */
public final class Engine {

    private final Registry registry;
    private final Policies policies;
    private final OpenScopes scopes;
    private final Capture capture;
    private final Installation installation;
    private final Lifecycle lifecycle;

    /** Puts the parts together. */
    public Engine(Registry registry, Policies policies) {
        this.registry = registry;
        this.policies = policies;
        this.scopes = new OpenScopes(policies);
        this.capture = new Capture(registry, scopes, policies.bypass(), policies.observer());
        this.installation = new Installation(this);
        this.lifecycle = new Lifecycle(this);
    }

    /** What is registered. */
    public Registry registry() {
        return registry;
    }

    /** The policies. */
    public Policies policies() {
        return policies;
    }

    /** Where statements find their transaction. */
    public OpenScopes scopes() {
        return scopes;
    }

    Capture capture() {
        return capture;
    }

    /** How the parts get into a configuration. */
    public Installation installation() {
        return installation;
    }

    /** How transactions begin and end. */
    public Lifecycle lifecycle() {
        return lifecycle;
    }

    /** The engine of a configuration; null when it has no hooks. */
    public static @Nullable Engine of(Configuration configuration) {
        return configuration.transactionProvider() instanceof Hooked hooked ? hooked.engine() : null;
    }

    /** The innermost open level that the configuration belongs to, a session's being begun for it; null when there is none. */
    public static @Nullable OpenLevel currentLevel(Configuration configuration) {
        OpenLevel level = OpenLevel.of(configuration);
        if (level != null && level.isOpen()) {
            return level;
        }
        SelfBeginning session = SelfBeginning.of(configuration);
        if (session != null) {
            return session.level();
        }
        if (configuration.transactionProvider() instanceof Hooked hooked) {
            OpenLevel bound = hooked.currentLevel();
            return bound != null && bound.isOpen() ? bound : null;
        }
        return null;
    }
}
