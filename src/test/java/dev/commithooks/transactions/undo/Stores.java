package dev.commithooks.transactions.undo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Table;
import org.jooq.UpdatableRecord;
import org.jooq.exception.DataAccessException;

/** What comes of storing records: a text that is the same for records of the same state. */
final class Stores {

    private final List<Table<?>> tables;

    Stores(List<Table<?>> tables) {
        this.tables = tables;
    }

    /** What becomes of the tables when all are stored, and of each store; undone again. */
    String of(Configuration around, List<RecordCopy> copies) {
        StringBuilder all = new StringBuilder();
        try {
            around.dsl().transaction(level -> {
                for (RecordCopy copy : copies) {
                    UpdatableRecord<?> row = copy.fresh();
                    all.append(outcome(level, row)).append(' ');
                }
                all.append(tables(level.dsl()));
                throw new Run.Undo();
            });
        } catch (Run.Undo undone) {
            return all.toString();
        }
        throw new IllegalStateException();
    }

    private static String outcome(Configuration level, UpdatableRecord<?> row) {
        try {
            int[] count = new int[1];
            level.dsl().transaction(nested -> {
                row.attach(nested);
                count[0] = row.store();
            });
            return String.valueOf(count[0]);
        } catch (DataAccessException refused) {
            return Optional.ofNullable(refused.sqlState()).orElse("?")
                    + refused.getClass().getSimpleName();
        }
    }

    /** All rows, but for keys that the database makes anew each time. */
    private String tables(DSLContext dsl) {
        StringBuilder all = new StringBuilder();
        for (Table<?> table : tables) {
            List<Field<?>> told = new ArrayList<>(List.of(table.fields()));
            told.removeIf(field -> field.getName().equals("id"));
            List<String> sorted = new ArrayList<>();
            dsl.select(told).from(table).forEach(row -> sorted.add(Arrays.deepToString(row.intoArray())));
            Collections.sort(sorted);
            all.append(sorted);
        }
        return all.toString();
    }
}
