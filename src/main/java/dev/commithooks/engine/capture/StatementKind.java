package dev.commithooks.engine.capture;

import org.jooq.DDLQuery;
import org.jooq.DMLQuery;
import org.jooq.Merge;
import org.jooq.Query;
import org.jooq.ResultQuery;
import org.jooq.Select;
import org.jooq.impl.QOM;

/**
 * What a query is, as far as its class tells, of which it is remembered. jOOQ's queries implement dozens of interfaces, and to be
 * asked in vain for one costs the JVM a search through all of them: for each statement five such searches took longer than
 * everything else that is done for it here.
 */
enum StatementKind {
    SELECT(Select.class),
    INSERT(QOM.Insert.class),
    UPDATE(QOM.Update.class),
    DELETE(QOM.Delete.class),
    TRUNCATE(QOM.Truncate.class),
    MERGE(Merge.class),
    /** Other DML that is made with jOOQ's API. */
    OTHER_DML(DMLQuery.class),
    /** A query of which there is the text. */
    PLAIN_QUERY(ResultQuery.class),
    DDL(DDLQuery.class),
    /** Plain SQL, transaction control, procedures. */
    OTHER(Object.class);

    private static final StatementKind[] VALUES = values();

    /** Ordinals: a constant would keep this class' loader alive for as long as jOOQ's. */
    private static final ClassValue<Integer> ORDINALS = new ClassValue<>() {
        @Override
        protected Integer computeValue(Class<?> queryClass) {
            int ordinal = 0;
            while (!VALUES[ordinal].type.isAssignableFrom(queryClass)) {
                ordinal++;
            }
            return ordinal;
        }
    };

    private final Class<?> type;

    StatementKind(Class<?> type) {
        this.type = type;
    }

    static StatementKind of(Query query) {
        return VALUES[ORDINALS.get(query.getClass())];
    }

    /** Whether it reads or writes rows, and so does not control the transaction. */
    boolean isAboutRows() {
        return switch (this) {
            case SELECT, INSERT, UPDATE, DELETE, MERGE, OTHER_DML, PLAIN_QUERY -> true;
            case TRUNCATE, DDL, OTHER -> false;
        };
    }
}
