package dev.commithooks.junit;

/** What the tests of a class have in common. */
public enum Fixture {
    /** Nothing: each test has an outer transaction of its own, and may run in parallel with others. */
    NONE,
    /**
     * What {@code @BeforeAll} writes: the class has an outer transaction, and each test a savepoint in it. The class's tests run
     * one after the other.
     */
    PER_CLASS
}
