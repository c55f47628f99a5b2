/** JTA's transactions on Narayana and Agroal. */
@NullMarked
package dev.commithooks.jta;

import org.jspecify.annotations.NullMarked;
