/** Random transactions, run on a real server and on a small model of what is promised. */
@NullMarked
package dev.commithooks.faults.model;

import org.jspecify.annotations.NullMarked;
