/** What jOOQ, pgjdbc and Hibernate report, next to what is in the database: each line of docs/SIGNALS.md, run. */
@NullMarked
package dev.commithooks.signals;

import org.jspecify.annotations.NullMarked;
