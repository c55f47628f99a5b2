package dev.commithooks.databases;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.bookshop.shop.Tables.PAGE_VIEW;
import static dev.commithooks.bookshop.shop.Tables.REVIEW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.CommitHooks;
import dev.commithooks.CommitHooksBuilder;
import dev.commithooks.Transactions;
import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.bookshop.shop.tables.records.PageViewRecord;
import dev.commithooks.bookshop.shop.tables.records.ReviewRecord;
import dev.commithooks.fixture.Product;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.RetryPolicy;
import dev.commithooks.spi.HookObserver;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;

/** A database on which a {@link Promise} is acted out. The row that is looked at is author 1. */
final class PromiseRun {

    private final TestDatabase database;
    private final Shop shop;
    private final CommitHooks hooks;
    private final DSLContext dsl;
    private final List<String> reported = new ArrayList<>();

    PromiseRun(TestDatabase database) {
        this.database = database;
        this.shop = new Shop(database.simpleDataSource(), database.dialect());
        this.hooks = builder().build();
        this.dsl = hooks.attachTo(shop.plain());
    }

    private CommitHooksBuilder builder() {
        return CommitHooks.builder().registerAll(shop.told).observer(new HookObserver() {
            @Override
            public void bypass(String table, String sql, boolean refused) {
                reported.add(table);
            }
        });
    }

    TestDatabase database() {
        return database;
    }

    Product product() {
        return database.product();
    }

    Shop shop() {
        return shop;
    }

    CommitHooks hooks() {
        return hooks;
    }

    DSLContext dsl() {
        return dsl;
    }

    Transactions transactions() {
        return Transactions.with(dsl);
    }

    DSLContext attached(UnaryOperator<CommitHooksBuilder> more) {
        return more.apply(builder()).build().attachTo(shop.plain());
    }

    /** One whose before hooks refuse everything. */
    DSLContext refusing() {
        return attached(builder -> builder.on(
                AUTHOR,
                on -> on.beforeCommitInsert((author, ctx) -> {
                    throw new IllegalStateException("refused");
                })));
    }

    AuthorRecord author(DSLContext on, long id) {
        return shop.author(on, id, "author " + id);
    }

    void store(DSLContext on, long id) {
        author(on, id).store();
    }

    /** A transaction that stores the author, does this, and commits; whether that goes well is the database's business. */
    void transaction(Consumer<DSLContext> rest) {
        catchThrowable(() -> dsl.transaction(tx -> {
            store(tx.dsl(), 1);
            rest.accept(tx.dsl());
        }));
    }

    void transactionThatFails(Consumer<DSLContext> rest) {
        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    store(tx.dsl(), 1);
                    rest.accept(tx.dsl());
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");
    }

    void breakDeferredConstraint(DSLContext on) {
        ReviewRecord review = on.newRecord(REVIEW);
        review.setBookId(99L);
        review.setRating((short) 3);
        review.store();
    }

    /** What hooks were told of the author at the end, which the rows in the database do not deny. */
    String told() {
        return told(1);
    }

    String told(long id) {
        List<String> ends = ends(id);
        assertThat(ends).as(shop.told.events().toString()).hasSize(1);
        boolean isThere = shop.plain().fetchExists(AUTHOR, AUTHOR.ID.eq(id));
        String end = ends.get(0);
        assertThat(end.equals("in doubt") || end.equals("after") == isThere)
                .as("told " + end + ", and the row is there: " + isThere)
                .isTrue();
        return end;
    }

    private List<String> ends(long id) {
        return shop.told.events().stream()
                .filter(event -> event.endsWith(" author[" + id + "]") && !event.startsWith("before"))
                .map(event -> event.startsWith("in doubt") ? "in doubt" : event.substring(0, event.indexOf(' ')))
                .toList();
    }

    /** The same, of a row that is there and that hooks may not have been told of, if that was reported. */
    String toldOrReported() {
        if (reported.isEmpty()) {
            return told();
        }
        assertThat(ends(1)).isEmpty();
        assertThat(shop.plain().fetchExists(AUTHOR, AUTHOR.ID.eq(1L))).isTrue();
        return "reported";
    }

    /** jOOQ says an upsert as MySQL 8 wants it, which MariaDB does not know; nothing is written, and what was sent was reported. */
    String notUnderstood(Throwable failure) {
        assertThat(product()).isEqualTo(Product.MYSQL);
        assertThat(failure).isInstanceOf(DataAccessException.class).hasMessageContaining("error in your SQL syntax");
        assertThat(reported).containsExactly("public.author");
        assertThat(ends(1)).isEmpty();
        assertThat(shop.plain().fetchExists(AUTHOR)).isFalse();
        return "not understood";
    }

    /** After hooks heard of the rows that are there. */
    void assertTheRestIsTrue() {
        assertThat(shop.told.events().stream().filter(event -> event.startsWith("after")))
                .containsExactlyInAnyOrderElementsOf(shop.plain()
                        .select(AUTHOR.ID)
                        .from(AUTHOR)
                        .fetch(row -> "after insert author[" + row.value1() + "]"));
    }

    /** Whether a transaction can have such modes. */
    String accepts(Transactions transactions) {
        Throwable thrown = catchThrowable(
                () -> transactions.run(tx -> tx.dsl().selectCount().from(AUTHOR).fetch()));
        if (thrown == null) {
            return "yes";
        }
        assertThat(thrown).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("nothing was run");
        return "refused";
    }

    /** A transaction that finds another one writing, which goes away before it is tried again. */
    void retryWhatIsBusy() throws SQLException {
        try (Connection writer = shop.dataSource.getConnection();
                Statement statement = writer.createStatement()) {
            statement.execute("begin immediate");
            transactions()
                    .retry(RetryPolicy.attempts(2)
                            .backoff(Duration.ZERO, 1, Duration.ZERO)
                            .sleeper(pause -> rollBack(statement)))
                    .run(tx -> {
                        tx.dsl().execute("pragma busy_timeout = 0");
                        store(tx.dsl(), 1);
                    });
        }
        assertThat(told()).isEqualTo("after");
    }

    /** The server's own error; two transactions that really lock each other out are {@code MariaDbTest}'s. */
    void retryAfterTheErrorOfADeadlock() {
        AtomicInteger runs = new AtomicInteger();
        transactions()
                .retry(RetryPolicy.attempts(2).backoff(Duration.ZERO, 1, Duration.ZERO))
                .run(tx -> {
                    store(tx.dsl(), 1);
                    if (runs.incrementAndGet() == 1) {
                        tx.dsl().execute("signal sqlstate '40001' set mysql_errno = 1213");
                    }
                });
        assertThat(ends(1)).containsExactly("failed", "after");
        assertThat(shop.rows()).containsExactly("author 1");
    }

    private static void rollBack(Statement statement) {
        try {
            statement.execute("rollback");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Writes to a table of MyISAM's in a transaction that is rolled back. */
    String writeMyIsam() {
        shop.execute("alter table page_view engine = MyISAM");
        try (WarningsOfTheLibrary warnings = new WarningsOfTheLibrary()) {
            transactionThatFails(tx -> {
                PageViewRecord view = tx.newRecord(PAGE_VIEW);
                view.setPath("/");
                view.insert();
            });
            assertThat(warnings.texts())
                    .anySatisfy(text -> assertThat(text)
                            .contains(
                                    "page_view is stored by MyISAM, which has no transactions",
                                    "stays when its transaction is rolled back",
                                    "alter table ... engine = InnoDB"));
            return "warned of";
        } finally {
            shop.execute("alter table page_view engine = InnoDB");
        }
    }
}
