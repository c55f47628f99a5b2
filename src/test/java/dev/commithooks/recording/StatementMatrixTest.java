package dev.commithooks.recording;

import static dev.commithooks.bookshop.shop.Tables.AUDIT_LOG;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.commithooks.CommitHooks;
import dev.commithooks.CommitHooksBuilder;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.JournalEntry;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.BucketMode;
import dev.commithooks.policy.OldRows;
import dev.commithooks.policy.Recording;
import dev.commithooks.spi.HookObserver;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.ExecuteListener;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every DML statement that passes no record, wherever it happens: the caller gets what plain jOOQ gives him, the database is
 * what it is with plain jOOQ, and hooks are told of the rows that the database says were written.
 */
@Database
@Needs(Ability.CAPTURED_STATEMENTS)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StatementMatrixTest {

    private final TestDatabase database;
    private final HikariDataSource connections;
    private final int serverVersion;

    StatementMatrixTest(TestDatabase database) {
        this.database = database;
        this.connections = database.pool(1); // what is not given back, the next one misses
        this.serverVersion = database.postgresVersion();
    }

    static Stream<StatementCase> statements() {
        return StatementCase.all();
    }

    /** Text is known to write to a table if that is generated together with one that is named. */
    private static CommitHooksBuilder named(CommitHooksBuilder builder) {
        return builder.on(AUDIT_LOG, on -> on.afterCommitInsert((entry, ctx) -> {}));
    }

    /** What a run came to: what the caller got, and what the database noted. */
    private record Outcome(String result, List<String> written) {}

    /** Where a statement is run. */
    private enum Way {
        IN_A_TRANSACTION,
        ALONE;

        String run(DSLContext dsl, StatementCase statement) {
            return this == ALONE ? statement.run(dsl) : inTransaction(dsl, statement);
        }
    }

    private record Run(Way way, StatementCase statement) {}

    /** Runs of plain jOOQ, which are the same for everything that they are compared with. */
    private final Map<Run, Outcome> plain = new HashMap<>();

    private static String inTransaction(DSLContext dsl, StatementCase statement) {
        AtomicReference<String> result = new AtomicReference<>("");
        try {
            dsl.transaction(tx -> result.set(statement.run(tx.dsl())));
        } catch (RuntimeException e) {
            result.set(result.get() + ", at the end " + e.getClass().getSimpleName());
        }
        return result.get();
    }

    private Outcome plain(Way way, StatementCase statement) {
        return plain.computeIfAbsent(new Run(way, statement), run -> {
            prepare();
            String result = way.run(database.dsl(connections), statement);
            List<String> written =
                    written().stream().map(StatementMatrixTest::withoutNumbers).toList();
            database.reset();
            return new Outcome(result, written);
        });
    }

    /** Prepares the rows in a database that is empty, in one round trip. */
    private void prepare() {
        if (preparation.isEmpty()) {
            preparation = statementsThatPrepare();
            preparedRows = database.journal().size();
            database.reset();
        }
        // Rows come in the order of the heap, which deleted ones leave in disorder once a page is full.
        String first = prepared++ % PAGE == 0 ? TRUNCATE : "";
        try (Connection connection = connections.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(first + preparation);
        } catch (SQLException e) {
            throw new IllegalStateException("The rows could not be prepared", e);
        }
    }

    private String statementsThatPrepare() {
        List<String> statements = new ArrayList<>();
        Configuration heard = database.dsl(connections).configuration().derive(ExecuteListener.onExecuteEnd(ctx -> {
            if (ctx.query() != null) {
                statements.add(ctx.dsl().renderInlined(ctx.query()));
            }
        }));
        ShopRows.prepare(heard.dsl());
        return String.join(";", statements);
    }

    private static final String TRUNCATE =
            "truncate account, stock, sale, parcel, book, customer restart identity cascade;";

    /** How often the rows are prepared and written before they fill a page of any table; in one transaction rows never go. */
    private static final int PAGE = Boolean.getBoolean("commithooks.test.rolledback") ? 1 : 8;

    private int prepared;
    private String preparation = "";
    private int preparedRows;

    private List<JournalEntry> written() {
        List<JournalEntry> journal = database.journal();
        return journal.subList(preparedRows, journal.size());
    }

    private void hooked(Way way, StatementCase statement, Shop shop, boolean isExact) {
        Outcome plain = plain(way, statement);
        prepare();
        String result = way.run(shop.dsl(), statement);
        List<JournalEntry> written = written();
        assertThat(comparable(result)).isEqualTo(comparable(plain.result()));
        List<String> asHooked =
                written.stream().map(StatementMatrixTest::withoutNumbers).toList();
        if (statement == UpdateStatement.UPDATE_KEPT) {
            // It runs twice, and meets its rows where the heap had room for what the first run made of them.
            assertThat(asHooked).containsExactlyInAnyOrderElementsOf(plain.written());
        } else {
            assertThat(asHooked).containsExactlyElementsOf(plain.written());
        }
        if (serverVersion >= statement.since()) {
            assertThat(shop.bypasses()).isEmpty();
            shop.assertThatWhatWasToldIs(written, isExact);
        } else {
            assertThat(shop.bypasses()).isNotEmpty();
            assertThat(shop.told().after()).isEmpty();
        }
        assertThat(shop.told().inDoubt()).isEmpty();
        assertThat(connections.getHikariPoolMXBean().getActiveConnections()).isZero();
    }

    /**
     * Of an aborted transaction that is committed all the same plain jOOQ says nothing. And where the server does not tell old
     * rows, messages quote the statement that locks them.
     */
    private String comparable(String result) {
        String told = result.replace(", at the end TransactionAbortedException", "");
        return serverVersion >= 18
                ? told
                : told.replaceAll("Position: \\d+", "").replaceAll("(?s)Batch entry 1 .* was aborted", "");
    }

    /** Keys that the server makes at random, and moments. */
    private static String withoutNumbers(Object entry) {
        return entry.toString()
                .replaceAll("[0-9a-f]{8}-[0-9a-f-]{27}", "uuid")
                .replaceAll("\\d{4}-\\d\\d-\\d\\dT[0-9:.+-]+", "moment");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("statements")
    void inATransaction(StatementCase statement) {
        Shop shop = Shop.in(database, connections, StatementMatrixTest::named);
        hooked(Way.IN_A_TRANSACTION, statement, shop, true);
        assertThat(shop.told().before()).hasSameSizeAs(shop.told().after());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("statements")
    void inATransactionWithOldRowsFromTheDatabase(StatementCase statement) {
        Shop shop = Shop.in(database, connections, builder -> named(builder).oldRows(OldRows.FROM_DATABASE));
        hooked(Way.IN_A_TRANSACTION, statement, shop, true);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("statements")
    void outsideATransactionWithoutBeforeHooks(StatementCase statement) {
        ToldAfter told = new ToldAfter();
        List<String> bypasses = new ArrayList<>();
        Outcome plain = plain(Way.ALONE, statement);
        prepare();
        DSLContext dsl = named(CommitHooks.builder())
                .registerAll(told)
                .buckets(BucketMode.EVERY)
                .observer(new HookObserver() {
                    @Override
                    public void bypass(String table, String sql, boolean refused) {
                        bypasses.add(table);
                    }
                })
                .build()
                .attachTo(database.dsl(connections));
        assertThat(statement.run(dsl)).isEqualTo(plain.result());
        List<JournalEntry> written = written();
        assertThat(written.stream().map(StatementMatrixTest::withoutNumbers))
                .containsExactlyElementsOf(plain.written());
        if (bypasses.isEmpty()) {
            assertThat(told.after()).zipSatisfy(written, Rows::assertSame);
        } else { // JDBC would cut a batch that returns rows into several transactions
            assertThat(statement.name().contains("BATCH") || serverVersion < statement.since())
                    .isTrue();
            assertThat(told.after()).isEmpty();
        }
        assertThat(connections.getHikariPoolMXBean().getActiveConnections()).isZero();
    }

    /** Each is a transaction of its own. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("statements")
    void outsideATransactionWithBeforeHooks(StatementCase statement) {
        Shop shop = Shop.in(database, connections, StatementMatrixTest::named);
        hooked(Way.ALONE, statement, shop, true);
        assertThat(shop.told().before()).hasSameSizeAs(shop.told().after());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("statements")
    void recordsOnlyIsAsPlain(StatementCase statement) {
        Shop shop = Shop.in(database, connections, builder -> named(builder).recording(Recording.RECORDS_ONLY));
        Outcome plain = plain(Way.IN_A_TRANSACTION, statement);
        prepare();
        String result = inTransaction(shop.dsl(), statement);
        assertThat(comparable(result)).isEqualTo(comparable(plain.result()));
        assertThat(shop.told().after()).isEmpty();
        assertThat(shop.bypasses()).isNotEmpty();
    }
}
