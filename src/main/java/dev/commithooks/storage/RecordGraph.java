package dev.commithooks.storage;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jooq.ForeignKey;
import org.jooq.UpdatableRecord;

/**
 * A record and those that depend on it, each by a generated foreign key.
 *
 * <pre>{@code
 * RecordGraph.of(purchase)
 *         .with(Keys.PURCHASE_LINE__PURCHASE_LINE_PURCHASE_ID_FKEY, lines)
 *         .with(Keys.INVOICE__INVOICE_PURCHASE_ID_FKEY, invoice)
 * }</pre>
 *
 * <p>Several levels are made by naming the parent; a record that depends on two others is named under both. Nothing is written,
 * and no record is touched, before the graph is given to a {@link Storage}. Not thread-safe.
 *
 * @param <R> the type of the record at the top
 */
public final class RecordGraph<R extends UpdatableRecord<R>> {

    private final R top;
    private final Nodes nodes = new Nodes();

    private RecordGraph(R top) {
        this.top = top;
        nodes.add(top);
    }

    /** A graph of a single record. */
    public static <R extends UpdatableRecord<R>> RecordGraph<R> of(R top) {
        return new RecordGraph<>(Objects.requireNonNull(top, "top"));
    }

    /**
     * Adds records that depend on the one at the top. An empty collection says that there are none, which
     * {@link Storage#replace} takes for its word.
     *
     * @throws IllegalArgumentException when the key is not one from the children's table to this one's, or a child is given
     *     twice
     */
    public <C extends UpdatableRecord<C>> RecordGraph<R> with(ForeignKey<C, R> key, Collection<? extends C> children) {
        return with(top, key, children);
    }

    /** Adds records that depend on the one at the top, see {@link #with(ForeignKey, Collection)}. */
    @SafeVarargs
    @SuppressWarnings("varargs") // read only
    public final <C extends UpdatableRecord<C>> RecordGraph<R> with(ForeignKey<C, R> key, C... children) {
        return with(top, key, Arrays.asList(children));
    }

    /**
     * Adds records that depend on another record of the graph.
     *
     * @throws IllegalArgumentException when the parent is not in the graph, the key is not one between the two tables, or a
     *     child is given twice
     */
    public <P extends UpdatableRecord<P>, C extends UpdatableRecord<C>> RecordGraph<R> with(
            P parent, ForeignKey<C, P> key, Collection<? extends C> children) {
        Objects.requireNonNull(parent, "parent");
        Objects.requireNonNull(key, "key");
        nodes.link(parent, key, List.copyOf(children));
        return this;
    }

    /** Adds records that depend on another record of the graph, see {@link #with(UpdatableRecord, ForeignKey, Collection)}. */
    @SafeVarargs
    @SuppressWarnings("varargs") // read only
    public final <P extends UpdatableRecord<P>, C extends UpdatableRecord<C>> RecordGraph<R> with(
            P parent, ForeignKey<C, P> key, C... children) {
        return with(parent, key, Arrays.asList(children));
    }

    /** The record at the top. */
    public R top() {
        return top;
    }

    Nodes nodes() {
        return nodes;
    }

    @Override
    public String toString() {
        return "graph of " + nodes.size() + " records below " + Node.nameOf(top);
    }
}
