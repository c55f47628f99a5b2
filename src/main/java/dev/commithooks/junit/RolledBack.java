package dev.commithooks.junit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Tests that are rolled back, and whose hooks fire as if they were committed: {@code @RolledBack(ShopApplication.class)} on the
 * class. What can be injected, and what {@link #fixture()} means, {@link RolledBackExtension} tells.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@ExtendWith(AnnotatedExtension.class)
public @interface RolledBack {

    /** The application. */
    Class<? extends TestedApplication> value();

    /** What the tests of the class have in common. */
    Fixture fixture() default Fixture.NONE;
}
