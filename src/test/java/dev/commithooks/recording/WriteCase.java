package dev.commithooks.recording;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.TestDatabase;
import java.util.Set;
import java.util.stream.Stream;
import org.jooq.DSLContext;

/** One way to write with a record, on the rows of {@link ShopRows#prepare}. */
interface WriteCase {

    enum Outcome {
        WRITTEN,
        NOTHING,
        FAILED
    }

    static Stream<WriteCase> all() {
        return Stream.<WriteCase[]>of(RecordWrite.values(), BatchWrite.values(), UnwrittenCase.values())
                .flatMap(Stream::of);
    }

    String name();

    Outcome outcome();

    void write(DSLContext dsl);

    /** The PostgreSQL version from which on the server tells what it did. */
    default int toldApartSince() {
        return 0;
    }

    /** Ends the test where the database cannot do it, or does not tell of it. */
    default void assumeThatItExistsIn(TestDatabase database) {
        if (name().contains("MERGE")) {
            database.assumeThatItHas(Ability.CAPTURED_STATEMENTS);
            assumeTrue(database.postgresVersion() >= toldApartSince(), "this server does not tell what a MERGE did");
        } else if (name().contains("SWALLOWED")
                || Set.of("BATCH_STORE", "BATCH_STORE_STATIC").contains(name())) {
            database.assumeThatItHas(Ability.POSTGRESQL); // which has triggers for it
        } else if (hasBooks()) {
            database.assumeThatItHas(Ability.ARRAYS);
        }
    }

    /** Whether it writes or reads whole books, which have tags. */
    private boolean hasBooks() {
        return name().contains("VERSIONED")
                || Set.of(
                                "INSERT_ENUM_ARRAY_JSON_BYTES",
                                "UPDATE_LOCKED_OPTIMISTICALLY",
                                "BATCH_UPDATE_LOCKED_OPTIMISTICALLY",
                                "UPDATE_CHANGED_MEANWHILE",
                                "DELETE_CHANGED_MEANWHILE")
                        .contains(name());
    }

    /** Whether the records know the rows that they write, and not just their keys. */
    default boolean knowsItsRows() {
        return true;
    }
}
