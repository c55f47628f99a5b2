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

import dev.commithooks.storage.GraphStep.Bond;
import dev.commithooks.storage.GraphStep.Deed;
import dev.commithooks.storage.GraphStep.Do;
import dev.commithooks.storage.GraphStep.Give;
import dev.commithooks.storage.GraphStep.Level;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jooq.Configuration;
import org.jooq.Field;
import org.jooq.ForeignKey;
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

    private final GraphProof proof;

    GraphRun(AnyDatabase any) {
        this.any = any;
        this.proof = new GraphProof(any, records);
        for (int i = 0; i < RECORDS; i++) {
            records.add((UpdatableRecord<?>) TABLES.get(i % TABLES.size()).newRecord());
            give(new Give(i, i));
        }
    }

    int checks() {
        return proof.checks();
    }

    void run(List<GraphStep> program) {
        program.forEach(step -> {
            try {
                step(any.dsl.configuration(), step);
            } catch (DataAccessException | IllegalArgumentException refused) {
                // All that it wrote is rolled back.
            }
        });
        proof.checkHooks();
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
                    .forEach((row, was) -> proof.expect("after the rollback", row, was, GraphProof.stateOf(row)));
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
            rows.forEach(row -> proof.expect("deleted", row, List.of(), GraphProof.rowOf(around.dsl(), row)));
        } else {
            proof.checkStored(around.dsl(), graph, written);
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
        graphs.forEach(graph -> states.put(graph.top(), GraphProof.stateOf(graph.top())));
        Set<UpdatableRecord<?>> noted = noteAll(states.keySet());
        List<UpdatableRecord<?>> changed = graphs.stream()
                .<UpdatableRecord<?>>map(RecordGraph::top)
                .filter(row -> row.changed() || isNew(row))
                .toList();
        for (StoreResult<RecordGraph<?>> result : Storage.on(around).storeEach(graphs, graph -> graph)) {
            if (result.isStored()) {
                proof.checkStored(around.dsl(), result.item(), changed);
            } else {
                UpdatableRecord<?> top = result.item().top();
                proof.expect("not stored", top, states.get(top), GraphProof.stateOf(top));
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
                if (before.get(before.size() - 1).putIfAbsent(row, GraphProof.stateOf(row)) == null) {
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
}
