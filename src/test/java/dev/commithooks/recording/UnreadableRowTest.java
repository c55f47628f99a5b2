package dev.commithooks.recording;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import org.jooq.Converter;
import org.jooq.DSLContext;
import org.jooq.TableField;
import org.jooq.UniqueKey;
import org.jooq.impl.CustomRecord;
import org.jooq.impl.CustomTable;
import org.jooq.impl.DSL;
import org.jooq.impl.Internal;
import org.jooq.impl.SQLDataType;
import org.junit.jupiter.api.Test;

/** A row that a converter cannot read: it is written, and its transaction rolls back. */
@Database
class UnreadableRowTest {

    private final TestDatabase database;
    private final int serverVersion;

    UnreadableRowTest(TestDatabase database) {
        this.database = database;
        this.serverVersion = database.postgresVersion();
    }

    /** An account as somebody's converter sees it, who does not like one of the owners. */
    private static final class PickyAccount extends CustomTable<PickyRecord> {

        private static final long serialVersionUID = 1L;
        private static final PickyAccount PICKY = new PickyAccount();

        private final TableField<PickyRecord, Long> id = createField(DSL.name("id"), SQLDataType.BIGINT);
        private final TableField<PickyRecord, String> owner = createField(
                DSL.name("owner"),
                SQLDataType.VARCHAR.asConvertedDataType(Converter.ofNullable(
                        String.class,
                        String.class,
                        read -> {
                            if (read.equals("bad")) {
                                throw new IllegalArgumentException("no such owner");
                            }
                            return read;
                        },
                        written -> written)));

        private PickyAccount() {
            super(DSL.name("account"), DSL.schema(DSL.name("public")));
        }

        @Override
        public UniqueKey<PickyRecord> getPrimaryKey() {
            return Internal.createUniqueKey(this, DSL.name("account_pkey"), id);
        }

        @Override
        public Class<PickyRecord> getRecordType() {
            return PickyRecord.class;
        }
    }

    private static final class PickyRecord extends CustomRecord<PickyRecord> {

        private static final long serialVersionUID = 1L;

        PickyRecord() {
            super(PickyAccount.PICKY);
        }
    }

    @Test
    @Needs(Ability.CAPTURED_INSERTS)
    void rowThatCannotBeReadIsWrittenAndItsTransactionRollsBack() {
        List<String> told = new ArrayList<>();
        PickyAccount picky = PickyAccount.PICKY;
        DSLContext dsl = CommitHooks.builder()
                .on(picky, on -> on.afterCommitInsert((account, ctx) -> told.add(String.valueOf(account))))
                .build()
                .attachTo(database.dsl(database.pool(1)));
        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    assertThat(tx.dsl()
                                    .insertInto(picky, picky.owner)
                                    .values("good")
                                    .values("bad")
                                    .execute())
                            .isEqualTo(2);
                    assertThat(tx.dsl().fetchCount(ACCOUNT)).isEqualTo(2);
                }))
                .hasStackTraceContaining("no such owner");
        assertThat(database.journal()).isEmpty();
        assertThat(told).isEmpty();
        dsl.insertInto(picky, picky.owner).values("bad").execute();
        assertThat(told).hasSize(1).first().asString().doesNotContain("owner");
        assertThat(database.journal()).hasSize(1);
    }
}
