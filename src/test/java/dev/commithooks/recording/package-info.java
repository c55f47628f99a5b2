/** Which rows are recorded, and with which images. */
@NullMarked
package dev.commithooks.recording;

import org.jspecify.annotations.NullMarked;
