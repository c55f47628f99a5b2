/** Texts of SQL statements, read as far as the library has to understand them. */
@NullMarked
package dev.commithooks.engine.sql;

import org.jspecify.annotations.NullMarked;
