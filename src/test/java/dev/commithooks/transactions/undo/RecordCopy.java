package dev.commithooks.transactions.undo;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jooq.Configuration;
import org.jooq.UpdatableRecord;
import org.jspecify.annotations.Nullable;

/**
 * All of a record's state, jOOQ's note that it was fetched among it, taken by Java's serialization: by nothing that the library
 * under test does.
 */
record RecordCopy(byte[] bytes, List<@Nullable Object> cells) {

    static RecordCopy of(UpdatableRecord<?> row) {
        Configuration attachedTo = row.configuration();
        row.detach();
        try (ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                ObjectOutputStream out = new EqualIsSame(bytes)) {
            out.writeObject(row);
            out.flush();
            return new RecordCopy(bytes.toByteArray(), cellsOf(row));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            row.attach(attachedTo);
        }
    }

    /** Writes equal values as one, since whether a value and its original are the same object is no part of a record's state. */
    private static final class EqualIsSame extends ObjectOutputStream {

        private final Map<Object, Object> first = new HashMap<>();

        EqualIsSame(OutputStream out) throws IOException {
            super(out);
            enableReplaceObject(true);
        }

        @Override
        protected Object replaceObject(Object value) {
            return value instanceof String || value instanceof Number
                    ? first.computeIfAbsent(value, itself -> itself)
                    : value;
        }
    }

    private static List<@Nullable Object> cellsOf(UpdatableRecord<?> row) {
        List<@Nullable Object> cells = new ArrayList<>();
        for (int i = 0; i < row.size(); i++) {
            cells.add(comparable(row.get(i)));
            cells.add(comparable(row.original(i)));
            cells.add(row.changed(i));
        }
        return cells;
    }

    private static @Nullable Object comparable(@Nullable Object value) {
        return value instanceof Object[] array ? Arrays.asList(array) : value;
    }

    /** A record like it. */
    UpdatableRecord<?> fresh() {
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
            return (UpdatableRecord<?>) in.readObject();
        } catch (IOException | ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether values, originals and flags are the same; and the note, which is restored only where jOOQ reads it. */
    boolean isLike(RecordCopy other, boolean withNote) {
        return cells.equals(other.cells) && (!withNote || Arrays.equals(bytes, other.bytes));
    }

    @Override
    public String toString() {
        return "value, original, changed of each field: " + cells;
    }
}
