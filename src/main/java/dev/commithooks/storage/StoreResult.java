package dev.commithooks.storage;

import java.util.Optional;

/**
 * The fate of one item of {@link Storage#storeEach}.
 *
 * @param item the item as it was given
 * @param failure why it was not stored; empty when it was
 */
public record StoreResult<T>(T item, Optional<Exception> failure) {

    /** Whether the item was stored; it is committed when the transaction is. */
    public boolean isStored() {
        return failure.isEmpty();
    }
}
