package dev.commithooks.durable;

import dev.commithooks.change.Change;
import dev.commithooks.change.RowKey;
import dev.commithooks.row.TableName;
import dev.commithooks.spi.CommitContext;
import dev.commithooks.spi.CommitParticipant;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jooq.Field;
import org.jooq.Table;

/**
 * A table of changes for Debezium's
 * <a href="https://debezium.io/documentation/reference/stable/transformations/outbox-event-router.html">Outbox Event Router</a>:
 * the way of changes off the machine, to Kafka. Each change of the chosen tables is a row, written by its own transaction and
 * never altered; its payload has Debezium's words:
 * {@code {"before":{..},"after":{..},"source":{"schema":"public","table":"book","txId":".."},"op":"u","ts_ms":..}}.
 *
 * <pre>{@code
 * CommitHooks.builder().participant(OutboxTable.of(BOOK, AUTHOR))...
 * }</pre>
 *
 * <p>The chosen tables' writes are recorded even if they have no hooks. Needs the table that {@link #ddl()} makes; PostgreSQL
 * only. Immutable; thread-safe.
 */
public final class OutboxTable implements CommitParticipant {

    private static final Prepared NOBODY = outcome -> {};
    private static final int AT_A_TIME = 1_000;

    private final Set<Table<?>> tables;
    private final String name;
    private final Function<Change<?>, String> topic;
    private final Function<Change<?>, String> key;

    private OutboxTable(
            Set<Table<?>> tables, String name, Function<Change<?>, String> topic, Function<Change<?>, String> key) {
        this.tables = tables;
        this.name = name;
        this.topic = topic;
        this.key = key;
    }

    /**
     * The changes of these tables, in {@code hook_outbox}; the topic is the table's name, the key the row's primary key.
     *
     * @throws IllegalArgumentException when a table has a column whose values have no form in JSON
     */
    public static OutboxTable of(Table<?>... tables) {
        for (Table<?> table : tables) {
            List<Field<?>> unfit = new ChangeCodec(table, Map.of()).unfit();
            if (!unfit.isEmpty()) {
                throw new IllegalArgumentException("Changes of " + TableName.of(table)
                        + " cannot go to an outbox: values of " + unfit + " have no exact form in JSON");
            }
        }
        return new OutboxTable(
                Set.of(tables), "hook_outbox", change -> change.table().getName(), OutboxTable::keyOf);
    }

    /** The same in a table of another name, for which the name in {@link #ddl()} is to be replaced. */
    public OutboxTable into(String table) {
        return new OutboxTable(tables, Objects.requireNonNull(table, "table"), topic, key);
    }

    /** The same with other topics: what goes into the column {@code aggregatetype}. */
    public OutboxTable topic(Function<Change<?>, String> topicOf) {
        return new OutboxTable(tables, name, Objects.requireNonNull(topicOf, "topicOf"), key);
    }

    /** The same with other keys: what goes into the column {@code aggregateid}, and keeps events of one key in order. */
    public OutboxTable key(Function<Change<?>, String> keyOf) {
        return new OutboxTable(tables, name, topic, Objects.requireNonNull(keyOf, "keyOf"));
    }

    /** The statements that make the table {@code hook_outbox}. */
    public static String ddl() {
        try (InputStream resource = OutboxTable.class.getResourceAsStream("outbox-postgresql.sql")) {
            return new String(Objects.requireNonNull(resource).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String keyOf(Change<?> change) {
        List<?> values = change.key().map(RowKey::values).orElse(List.of());
        return values.size() == 1 ? String.valueOf(values.get(0)) : values.toString();
    }

    @Override
    public Set<Table<?>> tables() {
        return tables;
    }

    @Override
    public Prepared aboutToCommit(CommitContext commit) {
        List<Change<?>> taken = new ArrayList<>();
        for (Change<?> change : commit.changes().all()) {
            if (tables.contains(change.table())) {
                taken.add(change);
            }
        }
        if (!taken.isEmpty()) {
            ParcelTable.refuseUnlessPostgres(commit.dsl(), "An outbox is", ParcelTable.NOT_STORED);
            commit.dsl().connection(connection -> {
                try (PreparedStatement insert = connection.prepareStatement("insert into " + name
                        + " (aggregatetype, aggregateid, type, tx, payload) values (?, ?, ?, ?, ?::jsonb)")) {
                    write(insert, taken, commit.transaction().id());
                } catch (SQLException e) {
                    throw new IllegalStateException(
                            taken.size() + " changes could not be written to " + name + "; " + ParcelTable.NOT_STORED,
                            ParcelTable.withoutValues(e));
                }
            });
        }
        return NOBODY;
    }

    private void write(PreparedStatement insert, List<Change<?>> changes, String transaction) throws SQLException {
        long now = System.currentTimeMillis();
        int waiting = 0;
        for (Change<?> change : changes) {
            insert.setString(1, topic.apply(change));
            insert.setString(2, key.apply(change));
            insert.setString(3, change.type().name().toLowerCase(Locale.ROOT));
            insert.setString(4, transaction);
            insert.setString(5, payload(change, transaction, now));
            insert.addBatch();
            if (++waiting == AT_A_TIME) {
                insert.executeBatch();
                waiting = 0;
            }
        }
        insert.executeBatch();
    }

    private static String payload(Change<?> change, String transaction, long now) {
        StringBuilder out = new StringBuilder("{\"op\":\"")
                .append(ChangeCodec.op(change.type()))
                .append('"');
        ChangeCodec.writeRows(out, change);
        String sqlName = ChangeCodec.nameOf(change);
        int dot = sqlName.lastIndexOf('.');
        Json.quote(out.append(",\"source\":{\"schema\":"), dot < 0 ? "" : sqlName.substring(0, dot));
        Json.quote(out.append(",\"table\":"), sqlName.substring(dot + 1));
        Json.quote(out.append(",\"txId\":"), transaction);
        return out.append("},\"ts_ms\":").append(now).append('}').toString();
    }

    @Override
    public String toString() {
        return "outbox " + name;
    }
}
