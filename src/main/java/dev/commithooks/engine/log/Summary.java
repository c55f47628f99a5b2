package dev.commithooks.engine.log;

import dev.commithooks.change.StatementSummary;
import dev.commithooks.engine.registry.HookMethod;
import dev.commithooks.engine.registry.HookedTable;

/**
 * A statement that wrote more rows than are recorded one by one. Immutable, but for its place in the log, which is given to it once.
 * It is never folded, and no row of its table is folded across it: what the statement did to that row is not known.
 */
public final class Summary implements Recorded {

    private final HookedTable hookedTable;
    private final String tableName;
    private final StatementSummary statement;
    private int position;

    /**
     * A summary.
     *
     * @param hookedTable the table and its hooks
     * @param tableName the table's name in SQL, after any schema mapping
     * @param statement the summary as hooks get it
     */
    public Summary(HookedTable hookedTable, String tableName, StatementSummary statement) {
        this.hookedTable = hookedTable;
        this.tableName = tableName;
        this.statement = statement;
    }

    @Override
    public HookedTable hookedTable() {
        return hookedTable;
    }

    @Override
    public String tableName() {
        return tableName;
    }

    /** The summary as hooks get it. */
    public StatementSummary statement() {
        return statement;
    }

    @Override
    public void loggedAt(int place) {
        position = place;
    }

    @Override
    public int position() {
        return position;
    }

    @Override
    public boolean reaches(HookMethod method) {
        return method.takesSet();
    }

    @Override
    public String toString() {
        return statement.toString();
    }
}
