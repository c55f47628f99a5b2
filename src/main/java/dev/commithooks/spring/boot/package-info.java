/** Spring Boot's auto-configuration: hook beans become a CommitHooks, which is installed in jOOQ's configuration. */
@NullMarked
package dev.commithooks.spring.boot;

import org.jspecify.annotations.NullMarked;
