package dev.commithooks.recording;

import java.util.stream.Stream;
import org.jooq.DSLContext;

/** One DML statement that passes no record, on the rows of {@link ShopRows#prepare}; it says what the caller gets of it. */
interface StatementCase {

    static Stream<StatementCase> all() {
        return Stream.<StatementCase[]>of(
                        UpdateStatement.values(), InsertOrDeleteStatement.values(), BatchOrTextStatement.values())
                .flatMap(Stream::of);
    }

    String name();

    StatementWork work();

    /** The first version of the server on which the rows can be captured. */
    default int since() {
        return work().since();
    }

    /** Runs it; what the caller gets, or what is thrown at him, as text. */
    default String run(DSLContext dsl) {
        return work().run(dsl);
    }
}
