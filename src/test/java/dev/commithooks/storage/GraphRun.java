package dev.commithooks.storage;

import static dev.commithooks.bookshop.press.Keys.CATEGORY__CATEGORY_PARENT_ID_FKEY;
import static dev.commithooks.bookshop.press.Keys.EDITION__EDITION_EDITOR_ID_FKEY;
import static dev.commithooks.bookshop.press.Keys.EDITION__EDITION_TITLE_ID_FKEY;
import static dev.commithooks.bookshop.press.Keys.EDITOR__EDITOR_HOUSE_ID_FKEY;
import static dev.commithooks.bookshop.press.Keys.HOUSE__HOUSE_FLAGSHIP_ID_FKEY;
import static dev.commithooks.bookshop.press.Keys.PRINTING__PRINTING_TITLE_ID_EDITION_NO_FKEY;
import static dev.commithooks.bookshop.press.Keys.TITLE__TITLE_CATEGORY_ID_FKEY;
import static dev.commithooks.bookshop.press.Keys.TITLE__TITLE_HOUSE_ID_FKEY;
import static dev.commithooks.bookshop.press.Tables.CATEGORY;
import static dev.commithooks.bookshop.press.Tables.EDITION;
import static dev.commithooks.bookshop.press.Tables.EDITOR;
import static dev.commithooks.bookshop.press.Tables.HOUSE;
import static dev.commithooks.bookshop.press.Tables.PRINTING;
import static dev.commithooks.bookshop.press.Tables.TITLE;

import dev.commithooks.fixture.JournalEntry;
import dev.commithooks.storage.GraphStep.Bond;
import dev.commithooks.storage.GraphStep.Deed;
import dev.commithooks.storage.GraphStep.Do;
import dev.commithooks.storage.GraphStep.Give;
import dev.commithooks.storage.GraphStep.Level;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.ForeignKey;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.UpdatableRecord;
import org.jooq.exception.DataAccessException;

/** A random program on graphs at work. Knows by itself what records have to be. */
final class GraphRun {

    private static final List<Table<?>> TABLES = List.of(HOUSE, TITLE, EDITOR, EDITION, PRINTING, CATEGORY);
    private static final List<ForeignKey<?, ?>> FOREIGN_KEYS = List.of(
            TITLE__TITLE_HOUSE_ID_FKEY,
            TITLE__TITLE_CATEGORY_ID_FKEY,
            HOUSE__HOUSE_FLAGSHIP_ID_FKEY,
            EDITOR__EDITOR_HOUSE_ID_FKEY,
            EDITION__EDITION_TITLE_ID_FKEY,
            EDITION__EDITION_EDITOR_ID_FKEY,
            PRINTING__PRINTING_TITLE_ID_EDITION_NO_FKEY,
            CATEGORY__CATEGORY_PARENT_ID_FKEY);
    private static final int OF_EACH = 3;
    static final int RECORDS = TABLES.size() * OF_EACH;
    static final int KEYS = FOREIGN_KEYS.size();

    /** A mistake that was found. */
    static final class Lie extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Lie(String message) {
            super(message);
        }
    }

    private static final class Undo extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private final AnyDatabase any;
    private final List<UpdatableRecord<?>> records = new ArrayList<>();
    /** By level, the innermost last: what records were before the level first gave them to a storage. */
    private final List<Map<UpdatableRecord<?>, List<Object>>> before = new ArrayList<>();

    private int checks;

    GraphRun(AnyDatabase any) {
        this.any = any;
        for (int i = 0; i < RECORDS; i++) {
            records.add((UpdatableRecord<?>) TABLES.get(i % TABLES.size()).newRecord());
            give(new Give(i, i));
        }
    }

    int checks() {
        return checks;
    }

    void run(List<GraphStep> program) {
        program.forEach(step -> {
            try {
                step(any.dsl.configuration(), step);
            } catch (DataAccessException | IllegalArgumentException refused) {
                // All that it wrote is rolled back.
            }
        });
        checkHooks();
    }

    private void step(Configuration around, GraphStep step) {
        if (step instanceof Give give) {
            give(give);
        } else if (step instanceof Do todo) {
            perform(around, todo);
        } else if (step instanceof Level level) {
            level(around, level);
        }
    }

    private void level(Configuration around, Level level) {
        before.add(new IdentityHashMap<>());
        try {
            around.dsl().transaction(inside -> {
                level.steps().forEach(step -> step(inside, step));
                if (level.undone()) {
                    throw new Undo();
                }
            });
        } catch (Undo | DataAccessException | IllegalArgumentException rolledBack) {
            before.remove(before.size() - 1)
                    .forEach((row, was) -> expect("after the rollback", row, was, stateOf(row)));
            return;
        }
        Map<UpdatableRecord<?>, List<Object>> released = before.remove(before.size() - 1);
        if (!before.isEmpty()) {
            released.forEach(before.get(before.size() - 1)::putIfAbsent);
        }
    }

    @SuppressWarnings("unchecked") // by the field's type
    private void give(Give give) {
        UpdatableRecord<?> row = records.get(give.record());
        int value = give.value();
        if (row.field("name") != null) {
            row.set((Field<String>) row.field("name"), value == 0 ? null : "name " + value);
        } else if (row.getTable() == EDITION) {
            row.set(EDITION.EDITION_NO, 1 + value % 4);
        } else {
            row.set(PRINTING.COPIES, value);
        }
        if (row.getTable() == EDITOR && row.get(EDITOR.ID) == null) {
            row.set(EDITOR.ID, new UUID(7, give.record()));
        }
    }

    private void perform(Configuration around, Do todo) {
        if (todo.deed() == Deed.STORE_EACH) {
            storeEach(around, todo);
            return;
        }
        RecordGraph<?> graph = graph(records.get(todo.top()), todo.bonds());
        List<UpdatableRecord<?>> rows = List.of(graph.nodes().rows());
        List<UpdatableRecord<?>> written =
                rows.stream().filter(row -> row.changed() || isNew(row)).toList();
        noteAll(rows);
        Storage storage = Storage.on(around);
        switch (todo.deed()) {
            case STORE -> storage.store(graph);
            case REPLACE -> storage.replace(graph);
            default -> storage.delete(graph);
        }
        if (todo.deed() == Deed.DELETE) {
            rows.forEach(row -> expect("deleted", row, List.of(), rowOf(around.dsl(), row)));
        } else {
            checkStored(around.dsl(), graph, written);
        }
    }

    private void storeEach(Configuration around, Do todo) {
        List<RecordGraph<?>> graphs = new ArrayList<>();
        Set<UpdatableRecord<?>> used = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Bond bond : todo.bonds()) {
            UpdatableRecord<?> parent = records.get(bond.parent());
            if (used.add(parent)) {
                graphs.add(graph(parent, List.of()));
            }
        }
        Map<UpdatableRecord<?>, List<Object>> states = new IdentityHashMap<>();
        graphs.forEach(graph -> states.put(graph.top(), stateOf(graph.top())));
        Set<UpdatableRecord<?>> noted = noteAll(states.keySet());
        List<UpdatableRecord<?>> changed = graphs.stream()
                .<UpdatableRecord<?>>map(RecordGraph::top)
                .filter(row -> row.changed() || isNew(row))
                .toList();
        for (StoreResult<RecordGraph<?>> result : Storage.on(around).storeEach(graphs, graph -> graph)) {
            if (result.isStored()) {
                checkStored(around.dsl(), result.item(), changed);
            } else {
                UpdatableRecord<?> top = result.item().top();
                expect("not stored", top, states.get(top), stateOf(top));
                if (noted.contains(top)) { // its first write is undone already
                    before.get(before.size() - 1).remove(top);
                }
            }
        }
    }

    private static boolean isNew(UpdatableRecord<?> row) {
        return Node.keyOf(row).stream().anyMatch(field -> row.get(field) == null);
    }

    /** Notes what records are like that are about to be written; those of which it was not known. */
    private Set<UpdatableRecord<?>> noteAll(Collection<UpdatableRecord<?>> rows) {
        Set<UpdatableRecord<?>> noted = Collections.newSetFromMap(new IdentityHashMap<>());
        if (!before.isEmpty()) {
            for (UpdatableRecord<?> row : rows) {
                if (before.get(before.size() - 1).putIfAbsent(row, stateOf(row)) == null) {
                    noted.add(row);
                }
            }
        }
        return noted;
    }

    /** A graph of the bonds that fit: parent and child of the key's tables, the parent in the graph, each child once by a key. */
    @SuppressWarnings({"unchecked", "rawtypes"}) // by the key's tables
    private RecordGraph<?> graph(UpdatableRecord<?> top, List<Bond> bonds) {
        RecordGraph graph = RecordGraph.of((UpdatableRecord) top);
        Set<UpdatableRecord<?>> inside = Collections.newSetFromMap(new IdentityHashMap<>());
        inside.add(top);
        Map<ForeignKey<?, ?>, Set<UpdatableRecord<?>>> bound = new HashMap<>();
        boolean more = true;
        while (more) {
            more = false;
            for (Bond bond : bonds) {
                ForeignKey<?, ?> key = FOREIGN_KEYS.get(bond.key());
                UpdatableRecord<?> parent = of(key.getKey().getTable(), bond.parent());
                UpdatableRecord<?> child = of(key.getTable(), bond.child());
                if (inside.contains(parent)
                        && bound.computeIfAbsent(key, k -> Collections.newSetFromMap(new IdentityHashMap<>()))
                                .add(child)) {
                    graph.with((UpdatableRecord) parent, (ForeignKey) key, List.of(child));
                    inside.add(child);
                    more = true;
                }
            }
        }
        return graph;
    }

    private UpdatableRecord<?> of(Table<?> table, int number) {
        return records.get(TABLES.indexOf(table) + number % OF_EACH * TABLES.size());
    }

    // ---------------------------------------------------------------- the proof

    private void checkStored(DSLContext dsl, RecordGraph<?> graph, List<UpdatableRecord<?>> written) {
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
    private static List<Object> rowOf(DSLContext dsl, UpdatableRecord<?> row) {
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

    private static List<Object> stateOf(UpdatableRecord<?> row) {
        List<Object> state = new ArrayList<>();
        for (int i = 0; i < row.size(); i++) {
            state.add(row.get(i));
            state.add(row.original(i));
            state.add(row.changed(i));
        }
        return state;
    }

    private void expect(String when, UpdatableRecord<?> row, List<Object> wanted, List<Object> is) {
        checks++;
        if (!Objects.equals(wanted, is)) {
            throw new Lie(when + ": record " + records.indexOf(row) + " of " + row.getTable() + " had to be " + wanted
                    + " and is " + is);
        }
    }

    private void checkHooks() {
        List<String> told = any.journal.events().stream()
                .filter(event -> event.startsWith("after "))
                .map(event -> event.substring("after ".length()))
                .sorted()
                .toList();
        List<String> written = any.database.journal().stream()
                .map(GraphRun::described)
                .sorted()
                .toList();
        checks += written.size();
        if (!told.equals(written)) {
            throw new Lie("written " + written + "\nand told " + told);
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
