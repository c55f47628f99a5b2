package dev.commithooks.recording;

import static dev.commithooks.bookshop.shop.Tables.STOCK;

import dev.commithooks.CommitHooks;
import dev.commithooks.change.StatementSummary;
import dev.commithooks.policy.LargeStatements;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;

/** A program that updates very many rows by one statement, and prints how many hooks were told of. */
final class LargeStatement {

    private LargeStatement() {}

    public static void main(String[] arguments) throws SQLException {
        try (Connection connection = DriverManager.getConnection(arguments[1], arguments[2], arguments[3])) {
            DSLContext plain = DSL.using(connection, SQLDialect.POSTGRES);
            plain.execute("alter table stock disable trigger user"); // the journal of so many rows takes its time
            plain.execute("insert into stock select n, 1 from generate_series(1, " + arguments[0] + ") s(n)");
            List<StatementSummary> told = new ArrayList<>();
            DSLContext dsl = CommitHooks.builder()
                    .on(STOCK, on -> on.afterCommit((changes, ctx) -> told.addAll(changes.summaries())))
                    .statementLimit(1_000)
                    .largeStatements(LargeStatements.SUMMARIZED)
                    .build()
                    .attachTo(plain);
            dsl.transaction(tx -> tx.dsl()
                    .update(STOCK)
                    .set(STOCK.QUANTITY, STOCK.QUANTITY.plus(1))
                    .execute());
            System.out.println("told " + told.get(0).updated());
        }
    }
}
