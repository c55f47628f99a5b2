package dev.commithooks.spring.boot;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A hook bean whose after methods are stored with the transaction and called at least once, on any node, after any crash: at its class
 * or its bean method. The bean that delivers, a {@link dev.commithooks.durable.DbSchedulerDelivery} for instance, is found by its type.
 *
 * @see dev.commithooks.hook.HookOptions#durable(String)
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface Durable {

    /** The name under which calls are stored: it stays when the bean or its class is renamed. */
    String value();
}
