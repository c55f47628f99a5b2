package dev.commithooks.storage;

import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jooq.ForeignKey;
import org.jooq.Table;
import org.jooq.UpdatableRecord;

/** The records of a graph in the order they were given, each once, and the links between them. */
final class Nodes {

    private final Map<UpdatableRecord<?>, Node> byRecord = new IdentityHashMap<>();
    private final List<Node> inOrder = new ArrayList<>();
    private final List<Dependents> dependents = new ArrayList<>();

    /**
     * All the children of a parent by a foreign key, as far as the graph knows.
     *
     * @param parent the parent
     * @param key the foreign key
     * @param children those that were named
     */
    record Dependents(Node parent, ForeignKey<?, ?> key, List<Node> children) {}

    Node add(UpdatableRecord<?> row) {
        return byRecord.computeIfAbsent(row, added -> {
            if (added.getTable().getPrimaryKey() == null) {
                throw new IllegalArgumentException(Node.nameOf(added.getTable())
                        + " has no primary key, so its records cannot be stored in a graph; nothing was written.");
            }
            Node node = new Node(added);
            inOrder.add(node);
            return node;
        });
    }

    void addAll(Nodes others) {
        for (Node other : others.inOrder) {
            Node own = add(other.row());
            other.parents().forEach(link -> own.dependOn(add(link.parent().row()), link.key()));
        }
    }

    void link(UpdatableRecord<?> parent, ForeignKey<?, ?> key, Collection<? extends UpdatableRecord<?>> children) {
        Node parentNode = byRecord.get(parent);
        if (parentNode == null) {
            throw new IllegalArgumentException(Node.nameOf(parent)
                    + " is not in this graph, and cannot be a parent in it; nothing was written. Add it under a parent of its"
                    + " own first.");
        }
        refuseOtherTable(key, "to", key.getKey().getTable(), parent);
        List<Node> named = new ArrayList<>(children.size());
        for (UpdatableRecord<?> child : children) {
            refuseOtherTable(key, "of", key.getTable(), child);
            Node node = add(child);
            node.dependOn(parentNode, key);
            named.add(node);
        }
        dependents.add(new Dependents(parentNode, key, named));
    }

    private static void refuseOtherTable(ForeignKey<?, ?> key, String end, Table<?> table, UpdatableRecord<?> row) {
        if (!table.equals(row.getTable())) {
            throw new IllegalArgumentException("The foreign key " + key.getName() + " is one " + end + " "
                    + Node.nameOf(table) + ", not " + end + " "
                    + Node.nameOf(row.getTable())
                    + "; nothing was written. Take the key from the generated Keys.");
        }
    }

    List<Node> all() {
        return inOrder;
    }

    UpdatableRecord<?>[] rows() {
        return inOrder.stream().map(Node::row).toArray(UpdatableRecord<?>[]::new);
    }

    List<Dependents> dependents() {
        return dependents;
    }

    int size() {
        return inOrder.size();
    }
}
