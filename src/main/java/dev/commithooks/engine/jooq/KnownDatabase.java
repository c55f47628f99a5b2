package dev.commithooks.engine.jooq;

import dev.commithooks.engine.dialect.Dialect;
import dev.commithooks.engine.dialect.TransactionModes;
import dev.commithooks.engine.telling.Policies;
import dev.commithooks.policy.UnprovenDatabase;
import dev.commithooks.transaction.IsolationLevel;
import org.jooq.Configuration;
import org.jooq.SQLDialect;

/** The demand that a database be one of those on which the hooks' promises are tested, and have what the policies ask for. */
final class KnownDatabase {

    private KnownDatabase() {}

    static void require(Configuration configuration, Policies policies) {
        Dialect dialect = Dialect.of(configuration);
        if (!dialect.isProven() && policies.unprovenDatabase() == UnprovenDatabase.REFUSE) {
            throw new IllegalArgumentException(
                    (configuration.family() == SQLDialect.DEFAULT ? noDialect() : unproven(configuration.family()))
                            + " Nothing was installed.");
        }
        IsolationLevel isolation = policies.transactionDefaults().isolation().orElse(null);
        String refusal = dialect.refusal(new TransactionModes(isolation, false, false));
        if (refusal != null) {
            throw new IllegalArgumentException("transactionDefaults(" + policies.transactionDefaults() + "): " + refusal
                    + "; nothing was installed. Leave it out.");
        }
    }

    private static String noDialect() {
        return "This configuration says of no database which one it is: its SQL dialect is DEFAULT, and hooks must know what an"
                + " error does to a transaction. Set the dialect, SQLDialect.POSTGRES for instance.";
    }

    private static String unproven(SQLDialect family) {
        return "Hooks are tested on PostgreSQL, MySQL and MariaDB, SQLite and H2, and this is " + family
                + ". Not known of it are: which answers to COMMIT prove a rollback, so that each would be in doubt; which errors"
                + " roll a whole transaction back, beyond those of SQLState class 40; which statements commit implicitly, beyond"
                + " BEGIN and DDL; and the rows of statements that pass no record. If that will do, say"
                + " unprovenDatabase(UnprovenDatabase.ACCEPT).";
    }
}
