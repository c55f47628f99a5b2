package dev.commithooks.spring.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Hooks in a test that Spring wraps in a transaction and rolls back, a {@code @Transactional} one: on its class, or on a method. Without
 * it the rollback is what it is, and calls failed hooks.
 *
 * <p>Where no transaction is Spring's to roll back, or the test is a {@code @Commit}, transactions really end, and this does nothing.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Documented
public @interface HooksInTests {

    /** When hooks are called. */
    Delivery value() default Delivery.AT_THE_END;

    /** When hooks are called; never for the rollback at the end of a test. */
    enum Delivery {
        /** When {@link TestHooks#deliver()} says so, and when the test method has returned, before {@code @AfterEach}. */
        AT_THE_END,
        /** When {@link TestHooks#deliver()} says so; all else is only recorded, and can be seen as {@code pending()}. */
        ON_DEMAND
    }
}
