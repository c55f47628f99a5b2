package dev.commithooks.boundary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.CommitHooksBuilder;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.JournalEntry;
import dev.commithooks.fixture.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import org.jooq.Converter;
import org.jooq.DSLContext;
import org.jooq.TableField;
import org.jooq.UniqueKey;
import org.jooq.impl.DSL;
import org.jooq.impl.Internal;
import org.jooq.impl.SQLDataType;
import org.jooq.impl.TableImpl;
import org.jooq.impl.UpdatableRecordImpl;
import org.junit.jupiter.api.Test;

/** Keys that cannot be compared, for an Error of their converter: each write is told of by itself, and none is lost. */
@Database
class FoldingThatFailsTest {

    private final TestDatabase database;
    private final List<String> told = new ArrayList<>();

    FoldingThatFailsTest(TestDatabase database) {
        this.database = database;
        Numbers.isBroken = false;
    }

    /** The key's converter, as long as it is not broken. */
    @SuppressWarnings("serial") // never written
    private static final class Numbers implements Converter<Long, String> {

        static volatile boolean isBroken;

        @Override
        public String from(Long stored) {
            return String.valueOf(stored);
        }

        @Override
        public Long to(String number) {
            if (isBroken) {
                throw new AssertionError("converter");
            }
            return Long.valueOf(number);
        }

        @Override
        public Class<Long> fromType() {
            return Long.class;
        }

        @Override
        public Class<String> toType() {
            return String.class;
        }
    }

    /** The accounts, with such a key. */
    @SuppressWarnings({"serial", "unchecked", "rawtypes"}) // never written
    private static final class Accounts extends TableImpl<Account> {

        static final Accounts ACCOUNTS = new Accounts();

        final TableField<Account, String> id = createField(
                DSL.name("id"), SQLDataType.BIGINT.nullable(false).asConvertedDataType(new Numbers()), this);
        final TableField<Account, String> owner = createField(DSL.name("owner"), SQLDataType.VARCHAR, this);

        private Accounts() {
            super(DSL.name("account"));
        }

        @Override
        public Class<Account> getRecordType() {
            return Account.class;
        }

        @Override
        public UniqueKey<Account> getPrimaryKey() {
            return Internal.createUniqueKey(this, DSL.name("account_pkey"), new TableField[] {id}, true);
        }
    }

    @SuppressWarnings("serial") // never written
    private static final class Account extends UpdatableRecordImpl<Account> {
        Account() {
            super(Accounts.ACCOUNTS);
        }
    }

    private static void work(DSLContext dsl) {
        for (String id : List.of("1", "2")) {
            Account account = dsl.newRecord(Accounts.ACCOUNTS);
            account.set(Accounts.ACCOUNTS.id, id);
            account.set(Accounts.ACCOUNTS.owner, "owner " + id);
            account.insert();
        }
        Numbers.isBroken = true;
    }

    private DSLContext dsl(CommitHooksBuilder hooks) {
        return hooks.build().attachTo(database.dsl());
    }

    private List<String> written() {
        return database.journal().stream()
                .map(JournalEntry::newRow)
                .map(row -> String.valueOf(row.get("owner")))
                .toList();
    }

    @Test
    void afterHooksHearOfAllThatWasCommitted() {
        DSLContext dsl = dsl(CommitHooks.builder()
                .on(
                        Accounts.ACCOUNTS,
                        on -> on.afterCommitInsert(
                                (account, ctx) -> told.add(account.row().get(Accounts.ACCOUNTS.owner)))));

        dsl.transaction(tx -> work(tx.dsl()));

        assertThat(told).isEqualTo(written()).containsExactly("owner 1", "owner 2");
    }

    @Test
    void failedHooksHearOfAllWhereBeforeHooksCannotBeCalled() {
        DSLContext dsl = dsl(CommitHooks.builder()
                .on(
                        Accounts.ACCOUNTS,
                        on -> on.beforeCommitInsert((account, ctx) -> told.add("before"))
                                .failedCommitInsert((account, ctx) ->
                                        told.add("failed " + account.row().get(Accounts.ACCOUNTS.owner)))));

        assertThatThrownBy(() -> dsl.transaction(tx -> work(tx.dsl()))).hasStackTraceContaining("converter");

        assertThat(told).containsExactly("failed owner 1", "failed owner 2");
        assertThat(written()).isEmpty();
    }
}
