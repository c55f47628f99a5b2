package dev.commithooks.durable;

import java.time.Instant;
import java.util.Optional;

/**
 * A parcel whose attempts are used up. It waits for somebody to look.
 *
 * @param hook the hook's name
 * @param parcel the parcel's name among those of the hook
 * @param attempts how many attempts failed
 * @param lastFailure when the last one failed; empty when nobody knows
 * @param error what went wrong then; empty when nobody could tell
 */
public record ParkedDelivery(String hook, String parcel, int attempts, Optional<Instant> lastFailure, String error) {}
