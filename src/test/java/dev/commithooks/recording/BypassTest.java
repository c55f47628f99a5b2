package dev.commithooks.recording;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.bookshop.shop.Tables.PARCEL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.Bypass;
import dev.commithooks.policy.OutsideTransaction;
import dev.commithooks.policy.Recording;
import dev.commithooks.spi.HookObserver;
import dev.commithooks.transaction.StatementRefusedException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** DML that passes no record is heard of, and refused where that is the policy; records never are. */
@Database
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BypassTest {

    private final TestDatabase database;
    private final DataSource connections;

    BypassTest(TestDatabase database) {
        this.database = database;
        this.connections = database.pool(2);
    }

    @ParameterizedTest
    @EnumSource
    void isHeardOf(Detour detour) {
        detour.assumeThatItExistsIn(database);
        Shop shop = Shop.in(database, connections, builder -> builder.recording(Recording.RECORDS_ONLY));
        shop.transaction(detour::on);
        assertThat(shop.bypasses())
                .isNotEmpty()
                .allMatch(table -> table.endsWith("account") || table.endsWith("review"));
        assertThat(shop.told().after()).isEmpty();
        assertThat(shop.told().failed()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void isRefusedBeforeAnythingIsSent(Detour detour) {
        detour.assumeThatItExistsIn(database);
        Shop shop = Shop.in(
                database, connections, builder -> builder.bypass(Bypass.REJECT).recording(Recording.RECORDS_ONLY));
        database.dsl(connections).insertInto(ACCOUNT).set(ACCOUNT.OWNER, "kept").execute();
        assertThatThrownBy(() -> shop.transaction(detour::on))
                .isInstanceOf(StatementRefusedException.class)
                .hasMessageContaining("nothing was sent")
                .hasMessageContaining(detour.advice());
        assertThat(database.journal()).hasSize(1);
        assertThat(shop.bypasses()).isNotEmpty().allMatch(table -> table.startsWith("refused "));
    }

    @ParameterizedTest
    @EnumSource
    void isNoMatterWhereNobodyAsks(Detour detour) {
        detour.assumeThatItExistsIn(database);
        Shop shop = Shop.in(
                database, connections, builder -> builder.bypass(Bypass.IGNORE).recording(Recording.RECORDS_ONLY));
        shop.transaction(detour::on);
        assertThat(shop.bypasses()).isEmpty();
    }

    @Test
    void rejectLeavesTheTransactionAsItWas() {
        Shop shop = Shop.in(
                database, connections, builder -> builder.bypass(Bypass.REJECT).recording(Recording.RECORDS_ONLY));
        shop.transaction(dsl -> {
            account(dsl, "before").store();
            assertThatThrownBy(() -> dsl.deleteFrom(ACCOUNT).execute()).isInstanceOf(StatementRefusedException.class);
            account(dsl, "after").store();
        });
        assertThat(Rows.keys(shop.after())).containsExactly("INSERT public.account[1]", "INSERT public.account[2]");
    }

    @Test
    @Needs(Ability.CAPTURED_STATEMENTS)
    void recordsAreNeverRefused() {
        Shop shop = Shop.in(database, connections, builder -> builder.bypass(Bypass.REJECT));
        for (WriteCase write : WriteCase.all().toList()) {
            database.reset();
            ShopRows.prepare(database.dsl(connections));
            if (write.outcome() != WriteCase.Outcome.FAILED) {
                shop.transaction(write::write);
            }
        }
        assertThat(shop.bypasses()).isEmpty();
    }

    @Test
    void tablesWithoutHooksAreNoMatter() {
        List<String> bypasses = new ArrayList<>();
        DSLContext dsl = CommitHooks.builder()
                .on(ACCOUNT, on -> on.afterCommitDelete((deleted, ctx) -> {}))
                .bypass(Bypass.REJECT)
                .recording(Recording.RECORDS_ONLY)
                .observer(new HookObserver() {
                    @Override
                    public void bypass(String table, String sql, boolean refused) {
                        bypasses.add(table);
                    }
                })
                .build()
                .attachTo(database.dsl(connections));
        dsl.deleteFrom(PARCEL).execute();
        dsl.execute("delete from parcel");
        dsl.selectFrom(ACCOUNT).fetch();
        dsl.fetch("with x as (select 1) select * from account, x");
        dsl.execute("create table account_copy as select * from account");
        assertThat(bypasses).isEmpty();
        assertThatThrownBy(() -> dsl.execute("delete from account")).isInstanceOf(StatementRefusedException.class);
    }

    /** What its hooks are told of a row depends on all that was done to it, asked for or not. */
    @Test
    void kindsWithoutHooksAreABypassToo() {
        DSLContext dsl = CommitHooks.builder()
                .on(ACCOUNT, on -> on.afterCommitDelete((deleted, ctx) -> {}))
                .bypass(Bypass.REJECT)
                .recording(Recording.RECORDS_ONLY)
                .build()
                .attachTo(database.dsl(connections));
        assertThatThrownBy(() -> dsl.insertInto(ACCOUNT).set(ACCOUNT.OWNER, "x").execute())
                .isInstanceOf(StatementRefusedException.class);
        assertThatThrownBy(() -> dsl.execute("update account set owner = 'z'"))
                .isInstanceOf(StatementRefusedException.class);
        assertThat(database.journal()).isEmpty();
    }

    @Test
    void whereNothingIsRecordedOutsideTransactionsNothingIsBypassedThere() {
        Shop shop = Shop.in(
                database,
                connections,
                builder -> builder.bypass(Bypass.REJECT)
                        .recording(Recording.RECORDS_ONLY)
                        .outsideTransaction(OutsideTransaction.IGNORE));
        account(shop.dsl(), "outside").store();
        shop.dsl().batchStore(account(shop.dsl(), "outside")).execute();
        shop.dsl().update(ACCOUNT).set(ACCOUNT.OWNER, "x").execute();
        assertThat(shop.bypasses()).isEmpty();
        assertThat(shop.after()).isEmpty();
        assertThatThrownBy(() -> shop.transaction(
                        dsl -> dsl.update(ACCOUNT).set(ACCOUNT.OWNER, "x").execute()))
                .isInstanceOf(StatementRefusedException.class);
    }

    @Test
    void warningIsGivenOnceForEachStatement() {
        List<String> warnings = new ArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord record) {
                warnings.add(record.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger("dev.commithooks");
        logger.addHandler(handler);
        try {
            Shop shop = Shop.in(database, connections, builder -> builder.recording(Recording.RECORDS_ONLY));
            for (int i = 0; i < 3; i++) {
                shop.dsl().deleteFrom(ACCOUNT).execute();
                shop.dsl().update(ACCOUNT).set(ACCOUNT.OWNER, "x").execute();
            }
            assertThat(warnings)
                    .hasSize(2)
                    .first()
                    .asString()
                    .contains(
                            "public.account",
                            "no hook of that table fires",
                            "delete from",
                            "store()",
                            "bypass(IGNORE)");
            assertThat(shop.bypasses()).hasSize(6);
        } finally {
            logger.removeHandler(handler);
        }
    }

    /** Outside a transaction batched(...) keeps statements back until who knows when. */
    @Test
    @Needs(Ability.CAPTURED_INSERTS)
    void recordsInBatchedAreABypassOutsideATransaction() {
        Shop shop = Shop.in(database, connections);
        shop.dsl().batched(batch -> {
            for (String owner : List.of("a", "b")) {
                account(batch.dsl(), owner).store();
            }
            AccountRecord third = account(batch.dsl(), "c");
            third.setId(50L);
            third.update();
        });
        assertThat(database.journal()).hasSize(2);
        assertThat(shop.bypasses()).hasSize(3).containsOnly("public.account");
        assertThat(shop.told().after()).isEmpty();
        assertThat(shop.told().before()).isEmpty();
        assertThat(shop.told().failed()).isEmpty();
    }

    @Test
    @Needs(Ability.CAPTURED_INSERTS)
    void recordsInBatchedAreRefusedOutsideATransaction() {
        Shop shop = Shop.in(database, connections, builder -> builder.bypass(Bypass.REJECT));
        assertThatThrownBy(() ->
                        shop.dsl().batched(batch -> account(batch.dsl(), "a").store()))
                .isInstanceOf(StatementRefusedException.class)
                .hasMessageContaining("batched(...)");
        assertThat(database.journal()).isEmpty();
    }

    /** There jOOQ keeps nothing back, since the transaction's connection wins. */
    @Test
    void recordsInBatchedAreOrdinaryInATransaction() {
        Shop shop = Shop.in(database, connections, builder -> builder.bypass(Bypass.REJECT));
        shop.transaction(dsl -> dsl.batched(batch -> {
            account(batch.dsl(), "a").store();
            account(batch.dsl(), "b").store();
        }));
        shop.assertThatWhatWasToldIsWhatWasWritten();
        assertThat(shop.told().after()).hasSize(2);
    }

    private static AccountRecord account(DSLContext dsl, String owner) {
        AccountRecord account = dsl.newRecord(ACCOUNT);
        account.setOwner(owner);
        account.setBalance(BigDecimal.ONE);
        return account;
    }
}
