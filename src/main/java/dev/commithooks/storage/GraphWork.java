package dev.commithooks.storage;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Name;
import org.jooq.Record;
import org.jooq.Result;
import org.jooq.SQLDialect;
import org.jooq.Table;
import org.jooq.UpdatableRecord;
import org.jooq.exception.DataChangedException;
import org.jooq.impl.DSL;

/** The writing of a graph, in a transaction that is open. */
final class GraphWork {

    private final DSLContext dsl;
    private final Catalogue catalogue;
    private final Inserts inserts;
    private final boolean isSqlite;

    GraphWork(Configuration transaction) {
        this.isSqlite = transaction.family() == SQLDialect.SQLITE;
        this.dsl = transaction.dsl();
        this.catalogue = new Catalogue(transaction);
        this.inserts = new Inserts(transaction, catalogue);
    }

    /** Writes parents first; keys that the database makes are put into children. */
    void store(Nodes graph) {
        Levels levels = inOrder(graph);
        prepareDeferred(levels);
        for (List<Node> level : levels.inOrder()) {
            List<Node> added = new ArrayList<>();
            for (Node node : level) {
                node.parents().stream().filter(levels::isInOrder).forEach(Link::pushDown);
                if (node.isNew()) {
                    added.add(node);
                } else {
                    update(node);
                }
            }
            inserts.insert(added);
        }
        for (Link link : levels.later()) {
            link.pushDown();
            update(link.child());
        }
        checkDeferred(levels);
    }

    /** Deletes children first. */
    int delete(Nodes graph) {
        Levels levels = inOrder(graph);
        defer(levels);
        for (Link link : levels.later()) {
            if (!link.child().isNew()) { // to update that one would insert it
                link.cut();
                update(link.child());
            }
        }
        int deleted = 0;
        for (List<Node> level : levels.reversed()) {
            for (Node node : level) {
                deleted += unlessChanged(node, "deleted", node.row()::delete);
            }
        }
        checkDeferred(levels);
        return deleted;
    }

    /** Stores a graph, and deletes the children in the database that it does not name. */
    void replace(Nodes graph) {
        graph.dependents().stream()
                .map(Nodes.Dependents::parent)
                .distinct()
                .filter(parent -> !parent.isNew())
                .forEach(this::lock);
        for (Nodes.Dependents dependents : graph.dependents()) {
            if (!dependents.parent().isNew()) {
                deleteUnnamed(dependents);
            }
        }
        store(graph);
    }

    private Levels inOrder(Nodes graph) {
        return new Levels(graph.all(), link -> catalogue.deferralOf(link.key()) != Catalogue.Deferral.NEVER);
    }

    private void update(Node node) {
        UpdatableRecord<?> row = node.row();
        boolean writes = row.changed();
        if (unlessChanged(node, "updated", row::store) == 0 && writes) {
            throw new DataChangedException(
                    node + " was not updated: its row is gone, or a trigger or row security kept it from"
                            + " being changed; the transaction IS rolled back. Read it again, or insert it as a new record.");
        }
    }

    /** jOOQ's own exception of a lost optimistic lock does not say which record it was. */
    private static int unlessChanged(Node node, String what, IntSupplier write) {
        try {
            return write.getAsInt();
        } catch (DataChangedException changed) {
            throw new DataChangedException(
                    node + " was not " + what
                            + ": somebody else has changed its row, or deleted it, since it was read; the"
                            + " transaction IS rolled back. Read it again.",
                    changed);
        }
    }

    /** The keys that deferred links need are made before any of their records is written. */
    private void prepareDeferred(Levels levels) {
        defer(levels);
        for (Link link : levels.deferred()) {
            if (!link.hasParentKey()) {
                inserts.makeKey(link.parent().row());
            }
            link.pushDown();
        }
    }

    private void defer(Levels levels) {
        setConstraints(levels, "deferred");
    }

    private void checkDeferred(Levels levels) {
        setConstraints(levels, "immediate");
    }

    /** Constraints that are deferred by themselves stay so. */
    private void setConstraints(Levels levels, String when) {
        levels.deferred().stream()
                .map(Link::key)
                .distinct()
                .filter(key -> catalogue.deferralOf(key) == Catalogue.Deferral.ON_DEMAND)
                .forEach(key -> dsl.execute("set constraints {0} " + when, nameOf(key.getTable(), key.getName())));
    }

    private static Name nameOf(Table<?> table, String constraint) {
        return table.getSchema() == null
                ? DSL.name(constraint)
                : DSL.name(table.getSchema().getName(), constraint);
    }

    private void lock(Node parent) {
        Table<?> table = parent.table();
        var query = dsl.select(DSL.inline(1)).from(table).where(Keys.equal(Node.keyOf(parent.row()), parent.row()));
        Record row = isSqlite ? query.fetchOne() : query.forUpdate().fetchOne(); // who writes there is alone
        if (row == null) {
            throw new DataChangedException(parent + " is not there any more, so its dependents cannot be replaced; the"
                    + " transaction IS rolled back. Read it again.");
        }
    }

    private void deleteUnnamed(Nodes.Dependents dependents) {
        Map<List<?>, Node> named = new HashMap<>();
        for (Node child : dependents.children()) {
            child.parents().stream().filter(Link::hasParentKey).forEach(Link::pushDown);
            named.put(Keys.canonical(Node.keyOf(child.row()), child.row()), child);
        }
        for (UpdatableRecord<?> there : childrenOf(dependents)) {
            Node name = named.get(Keys.canonical(Node.keyOf(there), there));
            if (name == null) {
                there.delete();
            } else if (name.isNew()) {
                becomeAnUpdate(name);
            }
        }
    }

    private List<UpdatableRecord<?>> childrenOf(Nodes.Dependents dependents) {
        Result<? extends Record> rows = dsl.selectFrom(dependents.key().getTable())
                .where(Keys.equal(
                        dependents.key().getFields(),
                        dependents.key().getKeyFields(),
                        dependents.parent().row()))
                .fetch();
        List<UpdatableRecord<?>> children = new ArrayList<>(rows.size());
        rows.forEach(row -> children.add((UpdatableRecord<?>) row));
        return children;
    }

    /** A new record with the key of a row that is there is that row's next version. */
    private static void becomeAnUpdate(Node node) {
        for (Field<?> field : Node.keyOf(node.row())) {
            node.row().changed(field, false);
        }
    }
}
