package dev.commithooks.recording;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.LargeStatements;
import dev.commithooks.transaction.TransactionAbortedException;
import java.util.ArrayList;
import java.util.List;
import org.jooq.Converter;
import org.jooq.DSLContext;
import org.jooq.TableField;
import org.jooq.impl.CustomRecord;
import org.jooq.impl.CustomTable;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A statement whose rows are written, and are then not all read: an {@code Error} of somebody's converter. */
@Database
@Needs(Ability.CAPTURED_INSERTS)
class UnreadRowsTest {

    private final TestDatabase database;

    UnreadRowsTest(TestDatabase database) {
        this.database = database;
    }

    /** An account whose owner cannot always be read. */
    private static final class Account extends CustomTable<AccountRow> {

        private static final long serialVersionUID = 1L;
        private static final Account ACCOUNTS = new Account();

        private final TableField<AccountRow, String> owner = createField(
                DSL.name("owner"),
                SQLDataType.VARCHAR.asConvertedDataType(Converter.ofNullable(
                        String.class,
                        String.class,
                        read -> {
                            if (read.equals("bad")) {
                                throw new StackOverflowError("of a converter");
                            }
                            return read;
                        },
                        written -> written)));

        private Account() {
            super(DSL.name("account"), DSL.schema(DSL.name("public")));
        }

        @Override
        public Class<AccountRow> getRecordType() {
            return AccountRow.class;
        }
    }

    private static final class AccountRow extends CustomRecord<AccountRow> {

        private static final long serialVersionUID = 1L;

        AccountRow() {
            super(Account.ACCOUNTS);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theTransactionRollsBackThoughTheErrorIsCaught(LargeStatements policy) {
        List<Object> told = new ArrayList<>();
        Account accounts = Account.ACCOUNTS;
        DSLContext dsl = CommitHooks.builder()
                .on(accounts, on -> on.afterCommit((changes, ctx) -> told.add(changes)))
                .largeStatements(policy)
                .build()
                .attachTo(database.dsl(database.pool(1)));

        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    assertThatThrownBy(() -> tx.dsl()
                                    .insertInto(accounts, accounts.owner)
                                    .values("good")
                                    .values("bad")
                                    .execute())
                            .hasStackTraceContaining("of a converter");
                    assertThat(tx.dsl().fetchCount(ACCOUNT)).isEqualTo(2);
                }))
                .isInstanceOf(TransactionAbortedException.class);

        assertThat(told).isEmpty();
        assertThat(database.journal()).isEmpty();
    }
}
