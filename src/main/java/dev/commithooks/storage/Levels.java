package dev.commithooks.storage;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The order in which records can be written: each level depends on those before it only.
 *
 * <p>Records are put in order, not tables, since a table may refer to itself. A cycle is broken at a link that can be written
 * later, or else at one whose constraint can be deferred.
 */
final class Levels {

    private final Predicate<Link> isDeferrable;
    private final Collection<Node> nodes;
    private final Set<Link> later = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<Link> deferred = Collections.newSetFromMap(new IdentityHashMap<>());
    private final List<List<Node>> levels;

    /**
     * Puts records in order.
     *
     * @param isDeferrable asks the database about a link's constraint; only when a cycle cannot be broken without
     * @throws IllegalArgumentException when there is a cycle that cannot be broken
     */
    Levels(Collection<Node> nodes, Predicate<Link> isDeferrable) {
        this.nodes = nodes;
        this.isDeferrable = isDeferrable;
        List<List<Node>> found = sort();
        while (found.stream().mapToInt(List::size).sum() < nodes.size()) {
            breakCycles(found);
            found = sort();
        }
        this.levels = found;
    }

    List<List<Node>> inOrder() {
        return levels;
    }

    List<List<Node>> reversed() {
        List<List<Node>> reversed = new ArrayList<>(levels);
        Collections.reverse(reversed);
        return reversed;
    }

    /** Links that are written once all records are. */
    Set<Link> later() {
        return later;
    }

    /** Links whose constraints wait until all records are written. */
    Set<Link> deferred() {
        return deferred;
    }

    boolean isInOrder(Link link) {
        return !later.contains(link) && !deferred.contains(link);
    }

    /** The levels, without the records that are in a cycle or depend on one. */
    private List<List<Node>> sort() {
        Map<Node, Integer> waitsFor = new IdentityHashMap<>();
        Map<Node, List<Node>> children = new IdentityHashMap<>();
        List<Node> free = new ArrayList<>();
        for (Node node : nodes) {
            int parents = 0;
            for (Link link : node.parents()) {
                if (isInOrder(link)) {
                    parents++;
                    children.computeIfAbsent(link.parent(), parent -> new ArrayList<>())
                            .add(node);
                }
            }
            waitsFor.put(node, parents);
            if (parents == 0) {
                free.add(node);
            }
        }
        return peeled(free, children, waitsFor);
    }

    /** Level after level: with one taken away, those are free that have waited for nothing else. */
    private static List<List<Node>> peeled(
            List<Node> first, Map<Node, List<Node>> children, Map<Node, Integer> waitsFor) {
        List<List<Node>> found = new ArrayList<>();
        List<Node> free = first;
        while (!free.isEmpty()) {
            found.add(free);
            List<Node> next = new ArrayList<>();
            for (Node parent : free) {
                for (Node child : children.getOrDefault(parent, List.of())) {
                    if (waitsFor.merge(child, -1, Integer::sum) == 0) {
                        next.add(child);
                    }
                }
            }
            free = next;
        }
        return found;
    }

    /** Walks up from each record that has no place yet, until the way bites its own tail. */
    private void breakCycles(List<List<Node>> placed) {
        Set<Node> done = Collections.newSetFromMap(new IdentityHashMap<>());
        placed.forEach(done::addAll);
        for (Node start : nodes) {
            if (!done.contains(start)) {
                walkUp(start, done);
            }
        }
    }

    private void walkUp(Node start, Set<Node> done) {
        Deque<Link> way = new ArrayDeque<>();
        Set<Node> onTheWay = Collections.newSetFromMap(new IdentityHashMap<>());
        Node at = start;
        while (true) {
            onTheWay.add(at);
            Link up = linkToFollow(at, done);
            if (up == null) {
                done.add(at);
                onTheWay.remove(at);
                if (way.isEmpty()) {
                    return;
                }
                at = way.removeLast().child();
            } else {
                way.addLast(up);
                if (onTheWay.contains(up.parent())) {
                    breakOne(cycleAt(way, up.parent()));
                    return; // the rest of the way is walked when the levels are sorted anew
                }
                at = up.parent();
            }
        }
    }

    private @Nullable Link linkToFollow(Node node, Set<Node> done) {
        for (Link link : node.parents()) {
            if (isInOrder(link) && !done.contains(link.parent())) {
                return link;
            }
        }
        return null;
    }

    private static List<Link> cycleAt(Deque<Link> way, Node again) {
        List<Link> cycle = new ArrayList<>(way);
        while (cycle.get(0).child() != again) {
            cycle.remove(0);
        }
        return cycle;
    }

    private void breakOne(List<Link> cycle) {
        for (Link link : cycle) {
            if (link.isNullable()) {
                later.add(link);
                return;
            }
        }
        for (Link link : cycle) {
            if (isDeferrable.test(link)) {
                deferred.add(link);
                return;
            }
        }
        throw new IllegalArgumentException(
                "These records depend on each other in a circle, and no foreign key in it is nullable or, on"
                        + " PostgreSQL, deferrable; nothing was written: "
                        + cycle.stream().map(Link::toString).collect(Collectors.joining("; "))
                        + ". Make one of the keys nullable, or on PostgreSQL DEFERRABLE.");
    }
}
