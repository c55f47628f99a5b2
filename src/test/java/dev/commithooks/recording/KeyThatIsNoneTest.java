package dev.commithooks.recording;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.Bypass;
import dev.commithooks.spi.HookObserver;
import dev.commithooks.transaction.TransactionAbortedException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.TableField;
import org.jooq.UniqueKey;
import org.jooq.conf.StatementType;
import org.jooq.impl.DSL;
import org.jooq.impl.Internal;
import org.jooq.impl.SQLDataType;
import org.jooq.impl.TableImpl;
import org.jooq.impl.UpdatableRecordImpl;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A record whose key is not unique writes several rows by one statement: hooks are told one, and the others are reported. */
@Database
class KeyThatIsNoneTest {

    private final TestDatabase database;
    private final List<String> told = new ArrayList<>();
    private final List<String> reported = new ArrayList<>();
    private final List<String> statements = new ArrayList<>();

    KeyThatIsNoneTest(TestDatabase database) {
        this.database = database;
    }

    @BeforeEach
    void storeTwins() {
        for (String owner : List.of("Ann", "Ann", "Bob")) {
            database.dsl().insertInto(ACCOUNT).set(ACCOUNT.OWNER, owner).execute();
        }
    }

    /** The accounts, as somebody generates them who takes the owner for their key. */
    @SuppressWarnings({"serial", "unchecked"}) // never written
    private static final class ByOwner extends TableImpl<ByOwnerRecord> {

        private static final ByOwner BY_OWNER = new ByOwner();

        private final TableField<ByOwnerRecord, String> owner =
                createField(DSL.name("owner"), SQLDataType.VARCHAR.nullable(false), this);
        private final TableField<ByOwnerRecord, BigDecimal> balance =
                createField(DSL.name("balance"), SQLDataType.NUMERIC(12, 2), this);

        private ByOwner() {
            super(ACCOUNT.getQualifiedName());
        }

        @Override
        public Class<ByOwnerRecord> getRecordType() {
            return ByOwnerRecord.class;
        }

        @Override
        public UniqueKey<ByOwnerRecord> getPrimaryKey() {
            return Internal.createUniqueKey(this, DSL.name("account_by_owner"), owner);
        }
    }

    @SuppressWarnings("serial") // never written
    private static final class ByOwnerRecord extends UpdatableRecordImpl<ByOwnerRecord> {

        ByOwnerRecord() {
            super(ByOwner.BY_OWNER);
        }
    }

    private DSLContext shop(Bypass bypass, boolean hasBeforeHook) {
        return CommitHooks.builder()
                .bypass(bypass)
                .on(ByOwner.BY_OWNER, on -> {
                    on.afterCommitUpdate(
                            (change, ctx) -> told.add("updated " + change.row().get(ByOwner.BY_OWNER.owner)));
                    on.afterCommitDelete((change, ctx) ->
                            told.add("deleted " + change.oldRow().get(ByOwner.BY_OWNER.owner)));
                    if (hasBeforeHook) {
                        on.beforeCommitUpdate((change, ctx) -> {});
                    }
                })
                .observer(new HookObserver() {
                    @Override
                    public void bypass(String table, String sql, boolean refused) {
                        reported.add((refused ? "refused " : "") + table);
                        statements.add(sql);
                    }
                })
                .build()
                .attachTo(database.dsl());
    }

    private static ByOwnerRecord account(DSLContext dsl, String owner) {
        return dsl.fetchAny(ByOwner.BY_OWNER, ByOwner.BY_OWNER.owner.eq(owner));
    }

    private static ByOwnerRecord enriched(DSLContext dsl, String owner) {
        ByOwnerRecord account = account(dsl, owner);
        account.set(ByOwner.BY_OWNER.balance, BigDecimal.TEN);
        return account;
    }

    @Test
    void theRowsThatNoHookIsToldAreReported() {
        DSLContext dsl = shop(Bypass.WARN, false);
        dsl.transaction(tx -> {
            enriched(tx.dsl(), "Ann").store();
            enriched(tx.dsl(), "Bob").store();
            account(tx.dsl(), "Ann").delete();
        });
        assertThat(database.journal()).hasSize(3 + 3 + 2);
        assertThat(told).containsExactly("updated Ann", "updated Bob", "deleted Ann");
        assertThat(reported).hasSize(2).allMatch(table -> table.endsWith("account") && !table.startsWith("refused"));
    }

    @Test
    void outsideTransactionsAndInBatchesTheyAre() {
        DSLContext dsl = shop(Bypass.WARN, false);
        enriched(dsl, "Ann").store();
        assertThat(reported).hasSize(1);
        dsl.batchDelete(account(dsl, "Bob"), account(dsl, "Ann")).execute();
        assertThat(reported).hasSize(2);
        assertThat(database.dsl().fetchCount(ACCOUNT)).isZero();
    }

    /** jOOQ reads one of them. */
    @ParameterizedTest
    @CsvSource({"true, false", "true, true", "false, false", "false, true"})
    void rowsThatAreReturnedAreCounted(boolean isInTransaction, boolean hasBeforeHook) {
        DSLContext dsl = shop(Bypass.WARN, hasBeforeHook);
        dsl.settings().setReturnAllOnUpdatableRecord(true);
        for (String owner : List.of("Ann", "Bob")) {
            if (isInTransaction) {
                dsl.transaction(tx -> enriched(tx.dsl(), owner).store());
            } else {
                enriched(dsl, owner).store();
            }
        }
        assertThat(database.journal()).hasSize(3 + 3);
        assertThat(told).containsExactly("updated Ann", "updated Bob");
        assertThat(reported).hasSize(1);
    }

    @Test
    void aReturnedRowTooManyIsRolledBackWhereBypassesAreRejected() {
        DSLContext dsl = shop(Bypass.REJECT, true);
        dsl.settings().setReturnAllOnUpdatableRecord(true);
        assertThatThrownBy(() -> enriched(dsl, "Ann").store()).isInstanceOf(TransactionAbortedException.class);
        assertThat(database.journal()).hasSize(3);
        assertThat(told).isEmpty();
    }

    @Test
    void aTransactionIsRolledBackWhereBypassesAreRejected() {
        DSLContext dsl = shop(Bypass.REJECT, false);
        assertThatThrownBy(() -> dsl.transaction(tx -> enriched(tx.dsl(), "Ann").store()))
                .isInstanceOf(TransactionAbortedException.class)
                .hasStackTraceContaining("wrote 2 rows, of which hooks are told one");
        dsl.transaction(tx -> enriched(tx.dsl(), "Bob").store());
        assertThat(database.journal()).hasSize(3 + 1);
        assertThat(told).containsExactly("updated Bob");
        assertThat(reported).singleElement().asString().startsWith("refused ");
    }

    @Test
    void soIsThatOfAStatementWhichIsGivenOne() {
        DSLContext dsl = shop(Bypass.REJECT, true);
        assertThatThrownBy(() -> enriched(dsl, "Ann").store()).isInstanceOf(TransactionAbortedException.class);
        enriched(dsl, "Bob").store();
        assertThat(database.journal()).hasSize(3 + 1);
        assertThat(told).containsExactly("updated Bob");
    }

    @Test
    void noValueOfARowIsReported() {
        DSLContext dsl = shop(Bypass.WARN, false);
        dsl.settings().setStatementType(StatementType.STATIC_STATEMENT);
        dsl.transaction(tx -> enriched(tx.dsl(), "Ann").store());
        assertThat(statements).singleElement().asString().contains("update").doesNotContain("Ann");
    }

    @Test
    void nobodyAsksWhereTheyAreIgnored() {
        shop(Bypass.IGNORE, false).transaction(tx -> enriched(tx.dsl(), "Ann").store());
        assertThat(database.journal()).hasSize(3 + 2);
        assertThat(told).containsExactly("updated Ann");
        assertThat(reported).isEmpty();
    }
}
