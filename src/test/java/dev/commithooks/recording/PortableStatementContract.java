package dev.commithooks.recording;

import static dev.commithooks.bookshop.shop.Tables.AUDIT_LOG;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.commithooks.CommitHooks;
import dev.commithooks.change.Change;
import dev.commithooks.fixture.JournalEntry;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.BucketMode;
import dev.commithooks.policy.Bypass;
import dev.commithooks.spi.HookObserver;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.jooq.DSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Statements that pass no record, on a database other than PostgreSQL: the caller gets what plain jOOQ gives him, the database is what
 * it is with plain jOOQ, and hooks are told of the rows that the database says were written, or somebody is told why not.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PortableStatementContract {

    private final TestDatabase database;
    private final HikariDataSource connections;
    private final Map<String, Run> plain = new HashMap<>();

    PortableStatementContract(TestDatabase database) {
        this.database = database;
        this.connections = database.pool(1); // what is not given back, the next one misses
    }

    static Stream<PortableStatement> statements() {
        return PortableStatement.all();
    }

    /** What a run came to. */
    private record Run(String result, List<JournalEntry> written) {

        List<String> writtenTexts() {
            return written.stream()
                    .map(entry -> entry.toString().replaceAll("\\d{4}-\\d\\d-\\d\\d[ T][0-9:.+Z-]+", "moment"))
                    .toList();
        }
    }

    private static String inTransaction(DSLContext dsl, PortableStatement statement) {
        return dsl.transactionResult(tx -> statement.run(tx.dsl()));
    }

    /** A run of plain jOOQ, which is the same for everything that it is compared with. */
    private Run plain(PortableStatement statement, boolean inTransaction) {
        return plain.computeIfAbsent(
                statement + " " + inTransaction, run -> run(database.dsl(connections), statement, inTransaction));
    }

    private Run run(DSLContext dsl, PortableStatement statement, boolean inTransaction) {
        database.reset();
        PortableStatement.prepare(database.dsl(connections));
        int prepared = database.journal().size();
        String result = inTransaction ? inTransaction(dsl, statement) : statement.run(dsl);
        List<JournalEntry> journal = database.journal();
        assertThat(connections.getHikariPoolMXBean().getActiveConnections()).isZero();
        return new Run(result, journal.subList(prepared, journal.size()));
    }

    private Shop shop() {
        return Shop.in(
                database,
                connections,
                builder -> builder.on(AUDIT_LOG, on -> on.afterCommitInsert((entry, ctx) -> {})));
    }

    private void compare(Run plain, Run hooked, List<Change<?>> told, List<String> bypasses, boolean isTold) {
        assertThat(hooked.result()).isEqualTo(plain.result());
        assertThat(hooked.writtenTexts()).isEqualTo(plain.writtenTexts());
        if (hooked.written().isEmpty()) {
            assertThat(told).isEmpty();
        } else if (isTold) {
            assertThat(bypasses).isEmpty();
            assertThat(told).zipSatisfy(hooked.written(), Rows::assertSame);
        } else {
            assertThat(bypasses).isNotEmpty();
            assertThat(told).isEmpty();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("statements")
    void inATransaction(PortableStatement statement) {
        Run plain = plain(statement, true);
        Shop shop = shop();
        Run hooked = run(shop.dsl(), statement, true);
        compare(plain, hooked, shop.told().after(), shop.bypasses(), statement.isToldOn(database.product()));
        assertThat(shop.told().before()).hasSameSizeAs(shop.told().after());
        assertThat(shop.told().inDoubt()).isEmpty();
    }

    /** Each is a transaction of its own. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("statements")
    void outsideATransactionWithBeforeHooks(PortableStatement statement) {
        Run plain = plain(statement, false);
        Shop shop = shop();
        Run hooked = run(shop.dsl(), statement, false);
        compare(plain, hooked, shop.told().after(), shop.bypasses(), statement.isToldOn(database.product()));
        assertThat(shop.told().before()).hasSameSizeAs(shop.told().after());
        assertThat(shop.told().inDoubt()).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("statements")
    void outsideATransactionWithoutBeforeHooks(PortableStatement statement) {
        Run plain = plain(statement, false);
        ToldAfter told = new ToldAfter();
        List<String> bypasses = new ArrayList<>();
        DSLContext dsl = CommitHooks.builder()
                .registerAll(told)
                .on(AUDIT_LOG, on -> on.afterCommitInsert((entry, ctx) -> {}))
                .buckets(BucketMode.EVERY)
                .observer(new HookObserver() {
                    @Override
                    public void bypass(String table, String sql, boolean refused) {
                        bypasses.add(table);
                    }
                })
                .build()
                .attachTo(database.dsl(connections));
        Run hooked = run(dsl, statement, false);
        compare(plain, hooked, told.after(), bypasses, statement.isToldOn(database.product()));
    }

    /** What is told of is not refused, and what is refused names the database. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("statements")
    void whatIsNotToldIsRefusedWhereThatIsAsked(PortableStatement statement) {
        Run plain = plain(statement, true);
        Shop shop = Shop.in(
                database,
                connections,
                builder -> builder.bypass(Bypass.REJECT).on(AUDIT_LOG, on -> on.afterCommitInsert((entry, ctx) -> {})));
        Run hooked = run(shop.dsl(), statement, true);
        if (plain.written().isEmpty() || statement.isToldOn(database.product())) {
            assertThat(shop.told().after()).hasSameSizeAs(plain.written());
        } else {
            assertThat(hooked.result()).startsWith("StatementRefusedException").contains("nothing was sent");
            assertThat(hooked.written()).isEmpty();
        }
    }

    /**
     * Statements at random, with what fails, what is undone to savepoints and what is rolled back. The same each time, unless {@code
     * -Dcommithooks.random.seed} says otherwise; {@code -Dcommithooks.random.operations} makes it longer.
     */
    @Test
    void randomTransactionsAreTold() {
        Random random = new Random(Long.getLong("commithooks.random.seed", 1L));
        int operations = Integer.getInteger("commithooks.random.operations", 300);
        List<PortableStatement> statements = PortableStatement.all()
                .filter(statement -> statement.isToldOn(database.product()))
                .filter(statement ->
                        !statement.name().contains("OTHER_SCHEMA")) // text does not tell two of a name apart
                .toList();
        if (statements.isEmpty()) {
            return; // MySQL's dialect: the matrix shows that all are reported
        }
        PortableStatement.prepare(database.dsl(connections));
        Shop shop = shop();
        int seen = database.journal().size();
        int told = 0;
        for (int done = 0; done < operations; ) {
            done += transaction(shop, statements, random);
            List<JournalEntry> journal = database.journal();
            List<JournalEntry> written = journal.subList(seen, journal.size());
            seen = journal.size();
            assertThat(shop.bypasses()).isEmpty();
            shop.assertThatWhatWasToldIs(written);
            told += shop.after().size();
            if (random.nextInt(3) == 0) { // else there is soon nothing left to be written
                database.reset();
                PortableStatement.prepare(database.dsl(connections));
                seen = database.journal().size();
            }
        }
        assertThat(told).isGreaterThan(operations / 4);
    }

    private static int transaction(Shop shop, List<PortableStatement> statements, Random random) {
        int size = 1 + random.nextInt(5);
        try {
            shop.dsl().transaction(tx -> {
                for (int i = 0; i < size; i++) {
                    DSLContext dsl = tx.dsl();
                    PortableStatement statement = statements.get(random.nextInt(statements.size()));
                    if (random.nextInt(3) == 0) {
                        nested(dsl, statement, random.nextBoolean());
                    } else {
                        statement.run(dsl);
                    }
                }
                if (random.nextInt(5) == 0) {
                    throw new IllegalStateException("rolled back");
                }
            });
        } catch (IllegalStateException rolledBack) {
            assertThat(shop.told().after()).isEmpty();
        }
        return size;
    }

    private static void nested(DSLContext dsl, PortableStatement statement, boolean isUndone) {
        try {
            dsl.transaction(nested -> {
                statement.run(nested.dsl());
                if (isUndone) {
                    throw new IllegalStateException("undone");
                }
            });
        } catch (IllegalStateException undone) {
            assertThat(isUndone).isTrue();
        }
    }
}
