package dev.commithooks.engine.capture;

import dev.commithooks.engine.dialect.Dialect;
import dev.commithooks.engine.log.Write;
import dev.commithooks.engine.registry.HookedTable;
import dev.commithooks.engine.registry.Registry;
import dev.commithooks.engine.scope.ScopeLocator;
import dev.commithooks.policy.Bypass;
import dev.commithooks.spi.HookObserver;
import dev.commithooks.transaction.StatementRefusedException;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import org.jooq.Configuration;
import org.jooq.ExecuteContext;
import org.jooq.ExecuteListenerProvider;
import org.jooq.RecordListenerProvider;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jooq.tools.jdbc.BatchedPreparedStatement;
import org.jspecify.annotations.Nullable;

/**
 * Tells which rows were really written. Thread-safe.
 *
 * <p>jOOQ tells of records and of statements on two channels that do not know each other. A record's event says which record
 * is at work, but not whether a row was written; a statement's event says what the server did, but not for which record.
 * So the record's event leaves a {@link RecordOperation} on its thread, and the next statement on that record's table, run
 * with that record's configuration, is the operation's own. What the server said of that statement decides.
 *
 * <p>The operations of a batch leave their statements to a later JDBC batch, which is a {@link RecordBatch}. All other DML
 * passes no record, but may be made to return its rows: {@link DmlCapture}. What cannot is reported: {@link BypassWatch}.
 */
public final class Capture {

    private final Registry registry;
    private final ScopeLocator scopes;
    private final BypassWatch bypass;
    private final Catalogue catalogue = new Catalogue();
    private final Engines engines = new Engines();
    private final DmlStatements dml = new DmlStatements(this, catalogue);
    private final ExpectedWrites expectedWrites = new ExpectedWrites();
    private final ThreadLocal<@Nullable RecordOperation> current = new ThreadLocal<>();
    private final RecordEvents recordEvents;
    private final StatementEvents statementEvents;
    private final RecordListenerProvider recordListeners;
    private final ExecuteListenerProvider executeListeners;
    private final ExecuteListenerProvider statementListeners;
    private final TellingServers tellingServers;

    /**
     * Capture for the tables that are registered.
     *
     * @param registry the tables with hooks
     * @param scopes where rows go
     * @param bypass what to do about DML that passes no record
     * @param observer hears of such DML
     */
    public Capture(Registry registry, ScopeLocator scopes, Bypass bypass, HookObserver observer) {
        this.registry = registry;
        this.scopes = scopes;
        this.bypass = new BypassWatch(this, bypass, observer);
        this.recordEvents = new RecordEvents(this);
        this.statementEvents = new StatementEvents(this);
        this.recordListeners = () -> recordEvents;
        this.executeListeners = () -> {
            RecordOperation operation = current.get();
            return operation != null && operation.takesStatement() ? operation : statementEvents;
        };
        this.statementListeners = () -> statementEvents;
        this.tellingServers = new TellingServers(registry, catalogue);
    }

    /** Hears what jOOQ says about records. */
    public RecordListenerProvider recordListenerProvider() {
        return recordListeners;
    }

    /** Hears what jOOQ says about statements. Where no record is at work, it is the same object for all of them. */
    public ExecuteListenerProvider executeListenerProvider() {
        return executeListeners;
    }

    /**
     * Hears what jOOQ says about statements, in place of the other two where the server tells the rows of every write: a record's
     * write is a statement like any other there.
     */
    public ExecuteListenerProvider statementListenerProvider() {
        return statementListeners;
    }

    /** The servers that tell the rows of every write. */
    public TellingServers tellingServers() {
        return tellingServers;
    }

    /**
     * Refuses a record's write with a configuration whose statements we would not hear: nobody would know what it wrote.
     *
     * @throws StatementRefusedException if {@code derive} or {@code set} has dropped our listener
     */
    void refuseUnheardStatements(Configuration configuration, HookedTable table) {
        for (ExecuteListenerProvider provider : configuration.executeListenerProviders()) {
            if (provider == executeListeners || provider == statementListeners) {
                return;
            }
        }
        throw dropped("ExecuteListenerProvider", table.name());
    }

    /**
     * Refuses a statement that passed no record to us, though it is a record's.
     *
     * @throws StatementRefusedException if {@code derive} or {@code set} has dropped our listener
     */
    void refuseUnheardRecords(Configuration configuration, String table) {
        if (listensToStatementsAlone(configuration)) {
            return;
        }
        for (RecordListenerProvider provider : configuration.recordListenerProviders()) {
            if (provider == recordListeners) {
                return;
            }
        }
        if (JooqInternals.haveRecordsCalledTheStatement()) {
            throw dropped("RecordListenerProvider", table);
        }
    }

    /** Whether nobody listens to records here, since the server tells everything. */
    boolean listensToStatementsAlone(Configuration configuration) {
        for (ExecuteListenerProvider provider : configuration.executeListenerProviders()) {
            if (provider == statementListeners) {
                return true;
            }
        }
        return false;
    }

    private static StatementRefusedException dropped(String part, String table) {
        return new StatementRefusedException("The " + part
                + " of the commit hooks is gone from the configuration with which"
                + " a record of " + table + " is being written, so that no hook would be told of it; nothing was sent."
                + " derive(...) and set(...) replace all listeners: add yours with deriveAppending(...), or before"
                + " attachTo(...).");
    }

    Registry registry() {
        return registry;
    }

    ScopeLocator scopes() {
        return scopes;
    }

    BypassWatch bypass() {
        return bypass;
    }

    Catalogue catalogue() {
        return catalogue;
    }

    /** Whether a statement is one of {@code dsl.batched(...)}: kept back until some later call, it tells nothing of its rows. */
    static boolean isDeferred(ExecuteContext ctx) {
        PreparedStatement statement = ctx.statement();
        try {
            return statement != null && statement.isWrapperFor(BatchedPreparedStatement.class);
        } catch (SQLException e) {
            return false;
        }
    }

    /** Whether a record's statement is only put off, which is reported then. */
    boolean isPutOff(ExecuteContext ctx, String table) {
        boolean isDeferred = isDeferred(ctx);
        if (isDeferred) {
            bypass.deferred(ctx, table);
        }
        return isDeferred;
    }

    /** A row of the table is about to be written. */
    void aboutToWrite(ExecuteContext ctx, HookedTable table, String name) {
        if (Dialect.of(ctx).mayLackTransactions()) {
            engines.write(ctx, table, name);
        }
    }

    /** Rows are about to be written. */
    void aboutToWrite(ExecuteContext ctx, List<Write> writes) {
        if (Dialect.of(ctx).mayLackTransactions()) {
            writes.forEach(write -> engines.write(ctx, write.hookedTable(), write.tableName()));
        }
    }

    DmlStatements dml() {
        return dml;
    }

    /** The hooks of a table that a statement writes. */
    @Nullable
    HookedTable find(Table<?> table) {
        return registry.find(table);
    }

    /** The hooks of a table that a text names: one that has hooks of its own, or any where there are hooks for all. */
    @Nullable
    HookedTable find(DmlText written) {
        HookedTable named = registry.find(written.schema(), written.table());
        if (named != null) {
            return named;
        }
        return registry.find(DSL.table(
                written.schema() == null ? DSL.name(written.table()) : DSL.name(written.schema(), written.table())));
    }

    ExpectedWrites expectedWrites() {
        return expectedWrites;
    }

    StatementEvents statementEvents() {
        return statementEvents;
    }

    @Nullable
    RecordOperation current() {
        return current.get();
    }

    /** Never removed: an entry that holds null is nothing but the key, and making a new one each time would cost. */
    void current(@Nullable RecordOperation operation) {
        current.set(operation);
    }

    /** Takes an operation off the thread's stack whose end jOOQ is not going to tell. */
    void forget(RecordOperation operation) {
        if (current.get() == operation) {
            current.set(operation.below());
        }
    }
}
