package dev.commithooks.storage;

import org.jspecify.annotations.Nullable;

/**
 * The fate of one item of {@link Storage#storeEach}.
 *
 * @param item the item as it was given
 * @param failure why it was not stored; null when it was
 */
public record StoreResult<T>(T item, @Nullable Exception failure) {

    /** Whether the item was stored; it is committed when the transaction is. */
    public boolean isStored() {
        return failure == null;
    }
}
