package dev.commithooks.durable;

import java.time.Instant;
import java.util.Optional;

/**
 * The numbers of parcels by state, of all hooks and on all nodes.
 *
 * @param waiting never tried yet
 * @param running being delivered now
 * @param retrying failed, and due again
 * @param parked failed for good, unless somebody retries them
 * @param oldestDue since when the longest waiting one is due
 */
public record DeliveryStatus(long waiting, long running, long retrying, long parked, Optional<Instant> oldestDue) {}
