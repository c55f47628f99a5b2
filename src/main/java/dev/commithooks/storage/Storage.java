package dev.commithooks.storage;

import dev.commithooks.CommitHooks;
import dev.commithooks.Transactions;
import dev.commithooks.row.Attachment;
import dev.commithooks.transaction.Propagation;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.UniqueKey;
import org.jooq.UpdatableRecord;
import org.jooq.impl.NoConnectionProvider;

/**
 * Records found or created by a unique key, and stored together with those that depend on them.
 *
 * <pre>{@code
 * Storage.on(tx.dsl()).store(RecordGraph.of(purchase).with(Keys.PURCHASE_LINE__PURCHASE_LINE_PURCHASE_ID_FKEY, lines));
 * }</pre>
 *
 * <p>Each call joins the transaction that the {@link DSLContext} is in, or else is one of its own. When it throws, a transaction
 * of its own IS rolled back, and one that it has joined can only be rolled back; catch the exception around a nested
 * {@code dsl.transaction} to go on. Whenever what it wrote is rolled back, also later and by others, the records given are made
 * what they were before the call, values and changed flags, before failed hooks run; where a commit is in doubt they are
 * left alone. Records end up attached to the {@link DSLContext} of the storage.
 *
 * <p>Immutable and as thread-safe as its {@link DSLContext}; the records given are for one thread.
 */
public final class Storage {

    private final Configuration configuration;
    private final Transactions joined;

    private Storage(Configuration configuration) {
        this.configuration = configuration;
        this.joined = Transactions.with(configuration).propagation(Propagation.REQUIRED);
    }

    /**
     * A storage on the {@link DSLContext}; in an open transaction, give that one's.
     *
     * @throws IllegalStateException when it has no commit hooks
     */
    public static Storage on(DSLContext dsl) {
        return new Storage(Objects.requireNonNull(dsl, "dsl").configuration());
    }

    /** A storage on the configuration, see {@link #on(DSLContext)}. */
    public static Storage on(Configuration configuration) {
        return new Storage(Objects.requireNonNull(configuration, "configuration"));
    }

    /**
     * Stores the graph's records, parents first: new ones are inserted, changed ones updated, others left alone. Keys that the
     * database makes are put into the records and their children.
     *
     * @return the record at the top
     * @throws IllegalArgumentException when records depend on each other in a circle that cannot be broken, or a record belongs
     *     to another {@link DSLContext}; nothing was written
     * @throws org.jooq.exception.DataChangedException when the row of a changed record is gone
     */
    public <R extends UpdatableRecord<R>> R store(RecordGraph<R> graph) {
        write(graph.nodes(), work -> work.store(graph.nodes()));
        return graph.top();
    }

    /**
     * Does what {@link #store} does, and deletes the rows that depend on the graph's parents by the keys it names, and that it
     * does not name. Parents are locked. A new record with the primary key of a row that is there updates that row.
     *
     * @return the record at the top
     * @throws org.jooq.exception.DataChangedException when a parent's row is gone
     */
    public <R extends UpdatableRecord<R>> R replace(RecordGraph<R> graph) {
        write(graph.nodes(), work -> work.replace(graph.nodes()));
        return graph.top();
    }

    /**
     * Deletes the graph's records, children first. Rows that depend on them and are not in the graph are left to the database's
     * constraints.
     *
     * @return how many rows were deleted
     */
    public int delete(RecordGraph<?> graph) {
        int[] deleted = new int[1];
        write(graph.nodes(), work -> deleted[0] = work.delete(graph.nodes()));
        return deleted[0];
    }

    /** Stores each record that can be stored, see {@link #storeEach(Collection, Function)}. */
    public <R extends UpdatableRecord<R>> List<StoreResult<R>> storeEach(Collection<R> records) {
        return storeEach(records, RecordGraph::of);
    }

    /**
     * Stores the graph of each item, and goes on where one cannot be stored. Many share a savepoint; one that fails is halved
     * until the culprits are found. Hooks hear of each write: of those in a savepoint that was rolled back as failed, and once
     * more when they are written again.
     *
     * <p>What only COMMIT would find (deferred constraints, before hooks) is not found here, and fails the whole transaction.
     *
     * @param graph makes an item's graph; what it throws is the item's failure
     * @return what became of each item, in their order
     * @throws org.jooq.exception.DataAccessException when the transaction as a whole has failed: the connection is lost, or it has
     *     lost against another one
     */
    public <T> List<StoreResult<T>> storeEach(
            Collection<T> items, Function<? super T, ? extends RecordGraph<?>> graph) {
        return new StoreEach<T>(this::writeNested, graph).store(List.copyOf(items), joined);
    }

    /**
     * Finds the row with the candidate's values of a unique key, or inserts the candidate. If several do the same at the same time
     * one of them creates it, and the others find its row; in transactions of {@code REPEATABLE READ} and {@code SERIALIZABLE}
     * they may get a serialization failure instead, to be retried with the whole transaction.
     *
     * <p>The candidate is left as it is. On PostgreSQL the row is inserted by a statement, so record listeners do not hear of it; on
     * H2, SQLite, MariaDB and MySQL by a record of its own.
     *
     * @throws UnsupportedOperationException on any other database; nothing was sent
     * @throws IllegalArgumentException when the key is not one of the candidate's table, or one of its columns is null in the
     *     candidate
     */
    public <R extends UpdatableRecord<R>> Resolved<R> findOrCreate(UniqueKey<R> key, R candidate) {
        return findOrCreateAll(key, List.of(candidate)).get(0);
    }

    /**
     * Does for many what {@link #findOrCreate} does for one, by one statement that finds, and on PostgreSQL one that inserts if any
     * is missing; elsewhere each missing one is inserted by itself.
     * Rows are inserted in the order of their keys, so that two who create the same ones do not lock each other up.
     *
     * @return a row for each candidate, in their order; of several with the same key one has created it
     */
    public <R extends UpdatableRecord<R>> List<Resolved<R>> findOrCreateAll(
            UniqueKey<R> key, Collection<? extends R> candidates) {
        List<R> wanted = List.copyOf(candidates);
        CandidateKey<R> checked = new CandidateKey<>(key, wanted);
        return joined.call(tx -> attached(new FindOrCreate<>(tx, checked, null).resolve(wanted)));
    }

    /**
     * Finds the row with the candidate's values of a unique key, locks it, and stores it after the change given; or inserts the
     * candidate, without the change.
     *
     * @param change sets what is to be different in a row that was there
     * @throws IllegalArgumentException when the key is not one of the candidate's table, or one of its columns is null in the
     *     candidate
     */
    public <R extends UpdatableRecord<R>> Resolved<R> updateOrCreate(
            UniqueKey<R> key, R candidate, Consumer<? super R> change) {
        Objects.requireNonNull(change, "change");
        List<R> wanted = List.of(candidate);
        CandidateKey<R> checked = new CandidateKey<>(key, wanted);
        return joined.call(tx -> attached(new FindOrCreate<>(tx, checked, change).resolve(wanted)))
                .get(0);
    }

    private <R extends UpdatableRecord<R>> List<Resolved<R>> attached(List<Resolved<R>> rows) {
        rows.forEach(resolved -> resolved.row().attach(configuration));
        return rows;
    }

    private void write(Nodes nodes, Consumer<GraphWork> work) {
        refuseOthers(nodes);
        write(joined, nodes, work);
    }

    /** Stores in a savepoint of the transaction. */
    private void writeNested(Configuration transaction, Nodes nodes) {
        refuseOthers(nodes);
        write(Transactions.with(transaction).propagation(Propagation.NESTED), nodes, work -> work.store(nodes));
    }

    private void write(Transactions transactions, Nodes nodes, Consumer<GraphWork> work) {
        UpdatableRecord<?>[] rows = nodes.rows();
        List<Attachment> before = Attachment.of(List.of(rows));
        transactions.records(rows).run(tx -> {
            CommitHooks.current(tx).onRollback(failure -> before.forEach(Attachment::restore));
            work.accept(new GraphWork(tx));
        });
        for (UpdatableRecord<?> row : rows) {
            row.attach(configuration);
        }
    }

    /** A record of another {@code DSLContext} may be one of another database. */
    private void refuseOthers(Nodes nodes) {
        for (Node node : nodes.all()) {
            Configuration its = node.row().configuration();
            if (its != null && hasDatabase(its) && its.transactionProvider() != configuration.transactionProvider()) {
                throw new IllegalArgumentException(
                        node + " is attached to another DSLContext, or to one without hooks; nothing"
                                + " was written. If it belongs to this database, say so: record.attach(dsl.configuration()).");
            }
        }
    }

    /** The records that generated tables make by themselves are attached to a configuration that has none. */
    private static boolean hasDatabase(Configuration itsConfiguration) {
        return !(itsConfiguration.connectionProvider() instanceof NoConnectionProvider);
    }

    @Override
    public String toString() {
        return "storage on " + configuration.dialect();
    }
}
