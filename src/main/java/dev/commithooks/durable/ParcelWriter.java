package dev.commithooks.durable;

import dev.commithooks.change.Change;
import dev.commithooks.spi.HandOver;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The writer of one transaction's parcels: in one round trip, unless they are long. Not thread-safe. */
final class ParcelWriter {

    /** A parcel that is so long is closed: a node reads it whole, and PostgreSQL takes no value of a gigabyte. */
    private static final int LONG = 1 << 20;

    /** How many characters are sent at a time. */
    private static final int MUCH = 8 * LONG;

    private final PreparedStatement insert;
    private final String transaction;
    private final String body;
    private final int chunk;
    private final Map<String, Integer> written = new HashMap<>();
    private int waiting;
    private int characters;

    /**
     * A writer.
     *
     * @param insert takes a hook's name, a parcel's name and its text; what else it needs is set
     * @param body what stands in each parcel before its changes or its text
     * @param chunk how many changes make a parcel at most
     */
    ParcelWriter(PreparedStatement insert, String transaction, String body, int chunk) {
        this.insert = insert;
        this.transaction = transaction;
        this.body = body;
        this.chunk = chunk;
    }

    /** Writes all. */
    void write(List<HandOver> handOvers, Map<String, ChangeCodec> codecs) throws SQLException {
        for (HandOver handOver : handOvers) {
            String hook = handOver.hook().name();
            if (handOver instanceof HandOver.Changes changes) {
                add(hook, changes.changes(), Objects.requireNonNull(codecs.get(hook)));
            } else if (handOver instanceof HandOver.Text text) {
                add(hook, Json.quote(new StringBuilder(body).append(",\"text\":"), text.text()));
            }
        }
        send();
    }

    private void add(String hook, List<? extends Change<?>> changes, ChangeCodec codec) throws SQLException {
        for (int next = 0; next < changes.size(); ) {
            StringBuilder parcel = new StringBuilder(body).append(",\"changes\":[");
            int last = Math.min(next + chunk, changes.size());
            codec.write(parcel, changes.get(next++));
            while (next < last && parcel.length() < LONG) {
                codec.write(parcel.append(','), changes.get(next++));
            }
            add(hook, parcel.append(']'));
        }
    }

    private void add(String hook, StringBuilder parcel) throws SQLException {
        if (waiting > 0) {
            insert.addBatch();
            if (characters > MUCH) {
                insert.executeBatch();
                waiting = 0;
                characters = 0;
            }
        }
        insert.setString(1, hook);
        insert.setString(2, transaction + "/" + written.merge(hook, 1, Integer::sum));
        insert.setString(3, parcel.append('}').toString());
        characters += parcel.length();
        waiting++;
    }

    /** One alone is no batch, which would cost a message more. */
    private void send() throws SQLException {
        if (waiting == 1) {
            insert.executeUpdate();
        } else if (waiting > 1) {
            insert.addBatch();
            insert.executeBatch();
        }
    }
}
