/** What holds on databases other than PostgreSQL, and what each of them does that would make hooks lie. */
@NullMarked
package dev.commithooks.databases;

import org.jspecify.annotations.NullMarked;
