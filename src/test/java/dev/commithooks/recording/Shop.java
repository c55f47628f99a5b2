package dev.commithooks.recording;

import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.CommitHooks;
import dev.commithooks.CommitHooksBuilder;
import dev.commithooks.change.Change;
import dev.commithooks.fixture.JournalEntry;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.BucketMode;
import dev.commithooks.spi.HookObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.Table;
import org.jooq.conf.Settings;

/** The bookshop with hooks on every table that remember what they were told. Every single write is told unless said otherwise. */
final class Shop {

    private final TestDatabase database;
    private final Told told = new Told();
    private final List<String> bypasses = new ArrayList<>();
    private final List<String> statements = new CopyOnWriteArrayList<>();
    private final DSLContext dsl;

    private Shop(
            TestDatabase database,
            DataSource dataSource,
            UnaryOperator<CommitHooksBuilder> policies,
            List<Table<?>> tables) {
        this.database = database;
        CommitHooksBuilder hooks = CommitHooks.builder();
        tables.forEach(table -> hooks.register(table, told));
        CommitHooksBuilder builder = (tables.isEmpty() ? hooks.registerAll(told) : hooks)
                .buckets(BucketMode.EVERY)
                .observer(new HookObserver() {
                    @Override
                    public void bypass(String table, String sql, boolean refused) {
                        bypasses.add((refused ? "refused " : "") + table);
                    }
                });
        this.dsl = policies.apply(builder).build().attachTo(database.dsl(new SqlLog(dataSource, statements)));
    }

    static Shop in(TestDatabase database) {
        return in(database, builder -> builder);
    }

    static Shop in(TestDatabase database, UnaryOperator<CommitHooksBuilder> policies) {
        return in(database, database.pool(4), policies);
    }

    static Shop in(TestDatabase database, DataSource dataSource) {
        return in(database, dataSource, builder -> builder);
    }

    static Shop in(TestDatabase database, DataSource dataSource, UnaryOperator<CommitHooksBuilder> policies) {
        return new Shop(database, dataSource, policies, List.of());
    }

    /** The bookshop with hooks on some tables only. */
    static Shop in(
            TestDatabase database,
            DataSource dataSource,
            List<Table<?>> tables,
            UnaryOperator<CommitHooksBuilder> policies) {
        return new Shop(database, dataSource, policies, tables);
    }

    DSLContext dsl() {
        return dsl;
    }

    /** The same with other settings of jOOQ. */
    DSLContext dsl(UnaryOperator<Settings> settings) {
        return with(dsl, settings);
    }

    static DSLContext with(DSLContext dsl, UnaryOperator<Settings> settings) {
        return dsl.configuration()
                .derive(settings.apply((Settings) dsl.settings().clone()))
                .dsl();
    }

    void transaction(Consumer<DSLContext> work) {
        dsl.transaction(tx -> work.accept(tx.dsl()));
    }

    Told told() {
        return told;
    }

    /** What after hooks were told since the last time. */
    List<Change<?>> after() {
        return told.drainAfter();
    }

    /** The one change that after hooks were told since the last time. */
    Change<?> only() {
        List<Change<?>> changes = after();
        assertThat(changes).hasSize(1);
        return changes.get(0);
    }

    /** Tables of statements that passed no record, since the last time. */
    List<String> bypasses() {
        List<String> drained = List.copyOf(bypasses);
        bypasses.clear();
        return drained;
    }

    /** What was prepared on connections since the last time, whoever did it. */
    List<String> statements() {
        List<String> drained = List.copyOf(statements);
        statements.clear();
        return drained;
    }

    /** Rows in the database == notifications. */
    void assertThatWhatWasToldIsWhatWasWritten() {
        assertThatWhatWasToldIs(database.journal());
    }

    void assertThatWhatWasToldIs(List<JournalEntry> journal) {
        assertThatWhatWasToldIs(journal, true);
    }

    /** Compares images too only if the records know their rows. */
    void assertThatWhatWasToldIs(List<JournalEntry> journal, boolean compareImages) {
        assertThat(told.after())
                .as("told %s, written %s", told.after(), journal)
                .zipSatisfy(journal, compareImages ? Rows::assertSame : Rows::assertSameRow);
    }
}
