package dev.commithooks.durable;

import dev.commithooks.spi.HandOver;
import dev.commithooks.transaction.TransactionInfo;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.BatchUpdateException;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.SQLDialect;

/** The table with the parcels, on PostgreSQL. Thread-safe. */
final class ParcelTable {

    /** When a parked parcel is due. */
    static final Instant PARKED = Instant.parse("9999-12-31T00:00:00Z");

    /** The outcome of a hand-over that failed. */
    static final String NOT_STORED = "nothing was stored, and the transaction IS rolled back";

    private static final String IS_PARKED = "execution_time >= timestamptz '9999-01-01' and not picked";
    private static final String DEFAULT_NAME = "hook_delivery";
    private static final String VERSION = "jooq-commit-hooks deliveries, version 1";

    private final String name;
    private final int chunk;
    private final String insert;

    ParcelTable(String name, int chunk) {
        this.name = name;
        this.chunk = chunk;
        // The number is drawn in the same statement, which spares a round trip.
        this.insert = "insert into " + name
                + " (task_name, task_instance, task_data, execution_time, picked, version) values (?, ?, convert_to('"
                + Parcel.HEAD + "' || nextval('" + name + "_seq') || ?::text, 'UTF8'), ?, false, 1)";
    }

    /** The statements that make the table. */
    static String ddl(String name) {
        try (InputStream resource = ParcelTable.class.getResourceAsStream("postgresql.sql")) {
            String text = new String(Objects.requireNonNull(resource).readAllBytes(), StandardCharsets.UTF_8);
            return name.equals(DEFAULT_NAME)
                    ? text
                    : text.replaceAll("\\b" + DEFAULT_NAME + "_(execution_time|last_heartbeat) on\\b", "on")
                            .replace(DEFAULT_NAME, name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // ---------------------------------------------------------------- in the transaction

    /**
     * Writes parcels in a transaction.
     *
     * @param codecs how to write the changes of a hook
     */
    void write(TransactionInfo transaction, List<HandOver> handOvers, Map<String, ChangeCodec> codecs, DSLContext dsl) {
        refuseUnlessPostgres(dsl, "Durable hooks are", NOT_STORED);
        Instant now = Instant.now();
        String body = Parcel.bodyOf(transaction, now).toString();
        dsl.connection(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(insert)) {
                statement.setObject(4, OffsetDateTime.ofInstant(now, ZoneOffset.UTC));
                new ParcelWriter(statement, transaction.id(), body, chunk).write(handOvers, codecs);
            } catch (SQLException e) {
                throw notWritten(handOvers, e);
            }
        });
    }

    /**
     * Refuses other databases by name.
     *
     * @param what the subject, with its verb
     */
    static void refuseUnlessPostgres(DSLContext dsl, String what, String outcome) {
        if (dsl.family() != SQLDialect.POSTGRES) {
            throw new IllegalStateException(
                    what + " stored in PostgreSQL only, and this is " + dsl.family() + "; " + outcome);
        }
    }

    private IllegalStateException notWritten(List<HandOver> handOvers, SQLException failure) {
        List<String> hooks = handOvers.stream()
                .map(handOver -> handOver.hook().name())
                .distinct()
                .toList();
        String missing = "42P01".equals(failure.getSQLState())
                ? " Make the table with the statements of DbSchedulerDelivery.ddl()."
                : "";
        return new IllegalStateException(
                "What durable hooks " + hooks + " are to be called with could not be written to " + name + "; "
                        + NOT_STORED + "." + missing,
                withoutValues(failure));
    }

    /** The database's exceptions quote statements and rows with all values: of them only the first line gets into a log. */
    static SQLException withoutValues(SQLException failure) {
        SQLException first = failure instanceof BatchUpdateException && failure.getNextException() != null
                ? failure.getNextException()
                : failure;
        String message = String.valueOf(first.getMessage()).lines().findFirst().orElse("");
        SQLException told = new SQLException(message, first.getSQLState(), first.getErrorCode());
        told.setStackTrace(first.getStackTrace());
        return told;
    }

    // ---------------------------------------------------------------- outside of it

    /**
     * Looks whether the table is there and of this version.
     *
     * @throws IllegalStateException when it is not
     */
    void check(DSLContext dsl) {
        refuseUnlessPostgres(dsl, "Durable hooks are", "nothing was started");
        String comment = dsl.fetchOptional("select obj_description(to_regclass(?), 'pg_class')", name)
                .map(row -> row.get(0, String.class))
                .orElse(null);
        if (!VERSION.equals(comment)) {
            throw new IllegalStateException("Durable hooks need the table " + name + " with the comment '" + VERSION
                    + "', and " + (comment == null ? "there is none" : "its comment is '" + comment + "'")
                    + "; nothing was started. DbSchedulerDelivery.ddl() has the statements that make it");
        }
    }

    List<ParkedDelivery> parked(DSLContext dsl) {
        return dsl.fetch(
                        "select task_name, task_instance, consecutive_failures, last_failure, convert_from(task_data, 'UTF8')"
                                + " from " + name + " where " + IS_PARKED
                                + " order by last_failure, task_name, task_instance")
                .map(ParcelTable::parked);
    }

    private static ParkedDelivery parked(Record row) {
        Integer attempts = row.get(2, Integer.class);
        OffsetDateTime last = row.get(3, OffsetDateTime.class);
        return new ParkedDelivery(
                row.get(0, String.class),
                row.get(1, String.class),
                attempts == null ? 0 : attempts,
                Optional.ofNullable(last).map(OffsetDateTime::toInstant),
                Parcel.errorIn(row.get(4, String.class)));
    }

    boolean retry(DSLContext dsl, String hook, String parcel) {
        return dsl.execute(
                        "update " + name
                                + " set execution_time = ?::timestamptz, consecutive_failures = 0, version = version + 1"
                                + " where task_name = ? and task_instance = ? and " + IS_PARKED,
                        OffsetDateTime.ofInstant(Instant.now(), ZoneOffset.UTC),
                        hook,
                        parcel)
                == 1;
    }

    boolean drop(DSLContext dsl, String hook, String parcel) {
        return dsl.execute(
                        "delete from " + name + " where task_name = ? and task_instance = ? and " + IS_PARKED,
                        hook,
                        parcel)
                == 1;
    }

    DeliveryStatus status(DSLContext dsl) {
        Record row = dsl.fetchSingle("select"
                + " count(*) filter (where not picked and coalesce(consecutive_failures, 0) = 0 and not " + "("
                + IS_PARKED
                + ")), count(*) filter (where picked),"
                + " count(*) filter (where not picked and consecutive_failures > 0 and not (" + IS_PARKED + ")),"
                + " count(*) filter (where " + IS_PARKED + "), min(execution_time) filter (where not picked and not ("
                + IS_PARKED + ")) from " + name);
        return new DeliveryStatus(
                row.get(0, long.class),
                row.get(1, long.class),
                row.get(2, long.class),
                row.get(3, long.class),
                Optional.ofNullable(row.get(4, OffsetDateTime.class)).map(OffsetDateTime::toInstant));
    }
}
