package dev.commithooks.engine.log;

/**
 * A write of a statement whose rows may take each other's keys, as a deferrable key allows: to the database all of them are written at
 * once, whatever the order in which it tells of them.
 */
public final class SimultaneousWrite extends Write {

    private final Object statement;

    /**
     * The write, as one of a statement that writes all its rows at once.
     *
     * @param statement the execution of the statement, the same object for all its writes
     */
    public SimultaneousWrite(Write write, Object statement) {
        super(write.hookedTable(), write.tableName(), write.type(), write.before(), write.set(), write.returned());
        this.statement = statement;
    }

    @Override
    Object statement() {
        return statement;
    }
}
