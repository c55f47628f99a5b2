package dev.commithooks.jta.faults;

import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.faults.Told;
import dev.commithooks.fixture.Coordinator;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.jta.JtaTransactions;
import dev.commithooks.jta.LateOutcome;
import dev.commithooks.resolver.PostgresOutcomeResolver;
import jakarta.transaction.SystemException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Two databases on two servers, A and B, in the transactions of one JTA manager. Not thread-safe. */
final class TwoDatabases implements AutoCloseable {

    private final Coordinator coordinator = Coordinator.chosen();
    private final List<LateOutcome> late = new CopyOnWriteArrayList<>();
    private final JtaTransactions jta =
            new JtaTransactions(coordinator.transactionManager(), coordinator.registry(), late::add);
    private final Side a;
    private final Side b;

    /** Without anybody to ask how a lost COMMIT ended. */
    TwoDatabases() {
        this(jta -> (name, pool, beside) -> jta.connections(name, pool));
    }

    private TwoDatabases(Function<JtaTransactions, Side.Connections> connections) {
        a = new Side("A", TestDatabase.create(), coordinator, jta, connections.apply(jta));
        b = new Side("B", TestDatabase.createOnASecondServer(), coordinator, jta, connections.apply(jta));
    }

    /** Each with a resolver that asks its server. */
    static TwoDatabases withResolvers() {
        return new TwoDatabases(
                jta -> (name, pool, beside) -> jta.connections(name, pool, PostgresOutcomeResolver.of(beside)));
    }

    Side a() {
        return a;
    }

    Side b() {
        return b;
    }

    Stream<Side> both() {
        return Stream.of(a, b);
    }

    /** The one of this name. */
    Side side(String name) {
        return name.equals(a.name()) ? a : b;
    }

    JtaTransactions jta() {
        return jta;
    }

    /** What listeners were told of ends that came later. */
    List<LateOutcome> late() {
        return late;
    }

    /** The work of a transaction. */
    @FunctionalInterface
    interface Work {
        void run() throws Exception;
    }

    /**
     * A transaction that was tried, in which each side that was written to has an account of this owner.
     *
     * @param globalId its id; empty if it has written nothing
     * @param thrown what the caller got; null for nothing
     */
    record Attempt(String owner, String globalId, @Nullable Throwable thrown) {}

    /** Runs the work in a transaction, as a careful caller does: rolls back if it throws, else commits. */
    Attempt attempt(String owner, Work work) {
        String[] globalId = {""};
        Throwable thrown = catchThrowable(() -> {
            jta.manager().begin();
            try {
                work.run();
                globalId[0] = jta.globalId().orElse("");
            } catch (Throwable failure) {
                globalId[0] = jta.globalId().orElse("");
                jta.manager().rollback();
                throw failure;
            }
            jta.manager().commit();
        });
        return new Attempt(owner, globalId[0], thrown);
    }

    /** Stores an account of this owner. */
    void store(Side side, String owner) {
        Told.store(side.dsl().configuration(), owner);
    }

    void setRollbackOnly() throws SystemException {
        jta.manager().setRollbackOnly();
    }

    void swallowAnErrorIn(Side side) {
        catchThrowable(() -> side.dsl().execute("select 1/0"));
    }

    void violateADeferredConstraintIn(Side side) {
        side.dsl().execute("insert into review (book_id, rating) values (4711, 5)");
    }

    /** Lets the next before hook of the side throw. */
    void refuseInBeforeHookOf(Side side) {
        side.told().doing((event, ctx) -> {
            if (event.startsWith("before")) {
                side.told().doing((others, unused) -> {});
                throw new IllegalStateException("refused by a hook");
            }
        });
    }

    /** Lets recovery end what is left, and hears of it. */
    void recover() {
        coordinator.recover();
    }

    @Override
    public void close() {
        a.close();
        b.close();
    }
}
