package dev.commithooks.storage;

import static dev.commithooks.bookshop.press.Tables.PRINTING;

import dev.commithooks.fixture.JournalEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.UpdatableRecord;

/** What is compared while a random program runs: records with rows, rows with what hooks were told. */
final class GraphProof {

    private final AnyDatabase any;
    private final List<UpdatableRecord<?>> records;
    private int checks;

    GraphProof(AnyDatabase any, List<UpdatableRecord<?>> records) {
        this.any = any;
        this.records = records;
    }

    int checks() {
        return checks;
    }

    void checkStored(DSLContext dsl, RecordGraph<?> graph, List<UpdatableRecord<?>> written) {
        for (Node node : graph.nodes().all()) {
            UpdatableRecord<?> row = node.row();
            if (written.stream().anyMatch(one -> one == row)) {
                expect("stored", row, rowOf(dsl, row), valuesOf(row));
                expect("stored, changed", row, List.of(false), List.of(row.changed()));
            }
            for (Link link : node.parents()) {
                for (int i = 0; i < link.key().getFields().size(); i++) {
                    expect(
                            link.key().getName(),
                            row,
                            Arrays.asList(link.parent()
                                    .row()
                                    .get(link.key().getKeyFields().get(i))),
                            Arrays.asList(row.get(link.key().getFields().get(i))));
                }
            }
        }
    }

    /** The row with a record's key; empty if there is none. */
    static List<Object> rowOf(DSLContext dsl, UpdatableRecord<?> row) {
        Record found = dsl.selectFrom(row.getTable())
                .where(dev.commithooks.storage.Keys.equal(Node.keyOf(row), row))
                .fetchOne();
        return found == null ? List.of() : valuesOf(found, row);
    }

    private static List<Object> valuesOf(UpdatableRecord<?> row) {
        return valuesOf(row, row);
    }

    /** Values, but for those of which the database alone knows. */
    private static List<Object> valuesOf(Record row, UpdatableRecord<?> like) {
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < row.size(); i++) {
            values.add(like.get(i) == null && like.field(i).equals(PRINTING.COPIES) ? null : row.get(i));
        }
        return values;
    }

    static List<Object> stateOf(UpdatableRecord<?> row) {
        List<Object> state = new ArrayList<>();
        for (int i = 0; i < row.size(); i++) {
            state.add(row.get(i));
            state.add(row.original(i));
            state.add(row.changed(i));
        }
        return state;
    }

    void expect(String when, UpdatableRecord<?> row, List<Object> wanted, List<Object> is) {
        checks++;
        if (!Objects.equals(wanted, is)) {
            throw new GraphRun.Lie(when + ": record " + records.indexOf(row) + " of " + row.getTable() + " had to be "
                    + wanted + " and is " + is);
        }
    }

    void checkHooks() {
        List<String> told = any.journal.events().stream()
                .filter(event -> event.startsWith("after "))
                .map(event -> event.substring("after ".length()))
                .sorted()
                .toList();
        List<String> written = any.database.journal().stream()
                .map(GraphProof::described)
                .sorted()
                .toList();
        checks += written.size();
        if (!told.equals(written)) {
            throw new GraphRun.Lie("written " + written + "\nand told " + told);
        }
    }

    private static String described(JournalEntry entry) {
        Map<String, String> image =
                entry.operation() == JournalEntry.Operation.DELETE ? entry.oldRow() : entry.newRow();
        List<String> key = entry.table().equals("edition")
                ? List.of(image.get("title_id"), image.get("edition_no"))
                : List.of(image.get("id"));
        return entry.operation().name().toLowerCase(Locale.ROOT) + " " + entry.table() + key;
    }
}
