package dev.commithooks.recording;

import java.util.Arrays;
import java.util.function.Function;
import org.jooq.DSLContext;
import org.jooq.conf.Settings;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link StatementCase} does.
 *
 * @param since the first version of the server on which the rows can be captured
 */
record StatementWork(
        int since, Function<Settings, Settings> settings, Function<DSLContext, @Nullable Object> statement) {

    StatementWork(Function<DSLContext, @Nullable Object> statement) {
        this(0, same -> same, statement);
    }

    StatementWork(int since, Function<DSLContext, @Nullable Object> statement) {
        this(since, same -> same, statement);
    }

    StatementWork(Function<Settings, Settings> settings, Function<DSLContext, @Nullable Object> statement) {
        this(0, settings, statement);
    }

    String run(DSLContext dsl) {
        DSLContext with = Shop.with(dsl, settings::apply);
        try {
            return text(statement.apply(with));
        } catch (RuntimeException e) {
            return e.getClass().getName() + ": " + e.getMessage();
        }
    }

    private static String text(@Nullable Object result) {
        return result instanceof int[] counts ? Arrays.toString(counts) : String.valueOf(result);
    }
}
