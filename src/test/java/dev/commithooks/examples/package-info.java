/** Runs the examples and holds the documentation to what the code does. */
@org.jspecify.annotations.NullMarked
package dev.commithooks.examples;
