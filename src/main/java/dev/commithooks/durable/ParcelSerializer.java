package dev.commithooks.durable;

import com.github.kagkarlsson.scheduler.serializer.Serializer;
import java.nio.charset.StandardCharsets;

/** Parcels as UTF-8; the data of other tasks as another serializer has it. */
record ParcelSerializer(Serializer others) implements Serializer {

    @Override
    public byte[] serialize(Object data) {
        return data instanceof StoredParcel parcel
                ? parcel.text().getBytes(StandardCharsets.UTF_8)
                : others.serialize(data);
    }

    @Override
    public <T> T deserialize(Class<T> type, byte[] data) {
        return type == StoredParcel.class
                ? type.cast(new StoredParcel(new String(data, StandardCharsets.UTF_8)))
                : others.deserialize(type, data);
    }
}
