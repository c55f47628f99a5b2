package dev.commithooks.pictures;

import static dev.commithooks.bookshop.shop.Tables.REVIEW;

import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.shop.tables.records.ReviewRecord;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.spi.OutcomeResolver;
import dev.commithooks.transaction.Outcome;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.ExecuteContext;
import org.jooq.ExecuteListener;
import org.jooq.impl.DataSourceConnectionProvider;
import org.jooq.tools.jdbc.DefaultConnection;
import org.jspecify.annotations.Nullable;

/** One transaction with a hook of each phase, and the steps that its connection, its hooks and its caller went through. */
final class Run {

    private final List<Step> steps = new ArrayList<>();
    private boolean vetoed;
    private @Nullable Outcome resolved;

    /** The before hook refuses. */
    Run vetoed() {
        vetoed = true;
        return this;
    }

    /** A resolver is there and answers so. */
    Run resolved(Outcome outcome) {
        resolved = outcome;
        return this;
    }

    /** Stores a review of a book, and sees what happens. */
    List<Step> of(long book, TestDatabase database, DataSource connections) {
        DSLContext dsl = hooks().attachTo(database.dsl(new Watched(connections))
                .configuration()
                .deriveAppending(new Statements())
                .dsl());
        try {
            dsl.transaction(tx -> {
                ReviewRecord review = tx.dsl().newRecord(REVIEW);
                review.setBookId(book);
                review.setRating((short) 5);
                review.store();
            });
            step(Ink.TEXT, "returns");
        } catch (RuntimeException thrown) {
            step(Ink.TEXT, thrown.getClass().getSimpleName());
        }
        return List.copyOf(steps);
    }

    private CommitHooks hooks() {
        return CommitHooks.builder()
                .on(
                        REVIEW,
                        on -> on.beforeCommitInsert((review, ctx) -> before())
                                .afterCommitInsert((review, ctx) -> step(Ink.HOOK, "after hook"))
                                .failedCommitInsert((review, ctx) -> step(
                                        Ink.HOOK,
                                        "failed hook: "
                                                + ctx.failure().orElseThrow().stage()))
                                .inDoubt((review, ctx) -> step(Ink.HOOK, "in-doubt hook")))
                .outcomeResolver(resolver())
                .build();
    }

    private void before() {
        step(Ink.HOOK, "before hook");
        if (vetoed) {
            throw new IllegalStateException("no");
        }
    }

    private OutcomeResolver resolver() {
        return connection -> () -> {
            if (resolved == null) {
                return Outcome.UNKNOWN;
            }
            step(
                    Ink.HOOK,
                    "resolver: " + resolved.name().toLowerCase(Locale.ROOT).replace('_', ' '));
            return resolved;
        };
    }

    private void step(Ink ink, String text) {
        steps.add(new Step(ink, text));
    }

    /** What jOOQ sends. */
    private final class Statements implements ExecuteListener {

        private static final long serialVersionUID = 1L;

        @Override
        public void executeStart(ExecuteContext ctx) {
            step(Ink.SQL, "insert into review");
        }
    }

    /** Real connections; what is said to them is noted. */
    private final class Watched extends DataSourceConnectionProvider {

        Watched(DataSource connections) {
            super(connections);
        }

        @Override
        public Connection acquire() {
            return new WatchedConnection(super.acquire());
        }

        @Override
        public void release(Connection connection) {
            super.release(connection);
            step(Ink.SQL, "connection back");
        }
    }

    private final class WatchedConnection extends DefaultConnection {

        WatchedConnection(Connection real) {
            super(real);
        }

        @Override
        public void setAutoCommit(boolean autoCommit) throws SQLException {
            super.setAutoCommit(autoCommit);
            if (!autoCommit) {
                step(Ink.SQL, "BEGIN");
            }
        }

        @Override
        public void commit() throws SQLException {
            step(Ink.SQL, "COMMIT");
            super.commit();
        }

        @Override
        public void rollback() throws SQLException {
            super.rollback(); // on a connection that is lost nothing is sent
            step(Ink.SQL, "ROLLBACK");
        }
    }
}
