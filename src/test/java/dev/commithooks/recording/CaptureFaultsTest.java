package dev.commithooks.recording;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.change.Inserted;
import dev.commithooks.change.Updated;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.Product;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.Bypass;
import dev.commithooks.policy.OutsideTransaction;
import dev.commithooks.policy.Recording;
import dev.commithooks.row.TableName;
import dev.commithooks.row.Values;
import dev.commithooks.transaction.StatementRefusedException;
import java.math.BigDecimal;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.ExecuteContext;
import org.jooq.ExecuteListener;
import org.jooq.ExecuteListenerProvider;
import org.jooq.RecordListenerProvider;
import org.jooq.conf.RenderQuotedNames;
import org.jooq.conf.StatementType;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.CustomRecord;
import org.jooq.impl.CustomTable;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.ds.PGSimpleDataSource;

/** What once made capture fail, or tell what was not so. */
@Database
class CaptureFaultsTest {

    private final TestDatabase database;

    CaptureFaultsTest(TestDatabase database) {
        this.database = database;
    }

    @ParameterizedTest
    @EnumSource
    @Needs(Ability.CAPTURED_STATEMENTS)
    void mergeIsWrittenWithNamesInAnyQuotes(RenderQuotedNames quotes) {
        Shop shop = Shop.in(database);
        shop.transaction(tx -> {
            DSLContext dsl = Shop.with(tx, settings -> settings.withRenderQuotedNames(quotes));
            account(dsl, 7, "new").merge();
            account(dsl, 7, "changed").merge();
        });
        assertThat(Rows.keys(shop.after())).containsExactly("INSERT public.account[7]", "UPDATE public.account[7]");
        assertThat(database.journal()).hasSize(2);
    }

    @Test
    @Needs(Ability.ABORTED_TRANSACTIONS)
    void failedLookUpInTheCatalogueIsNotRemembered() {
        Shop shop = Shop.in(database);
        assertThatThrownBy(() -> shop.transaction(dsl -> {
                    assertThatThrownBy(() -> dsl.execute("select nothing from nowhere"))
                            .isInstanceOf(DataAccessException.class);
                    account(dsl, 7, "new").merge();
                }))
                .isInstanceOf(DataAccessException.class);
        shop.told().clear();
        shop.transaction(dsl -> account(dsl, 7, "new").merge());
        assertThat(Rows.keys(shop.after())).containsExactly("INSERT public.account[7]");
    }

    /** What xmax says may only be read by who may read the table. */
    @Test
    @NeedsRealCommits("connects as another user")
    @Needs(Ability.POSTGRESQL)
    void mergeNeedsNoMorePrivilegesThanPlainJooqs() {
        database.dsl().execute("create role clerk login password 'clerk'");
        try {
            database.dsl()
                    .execute("grant usage on schema public, journal to clerk; grant select (id, owner, balance),"
                            + " insert (id, owner, balance), update (id, owner, balance) on account to clerk;"
                            + " grant all on all tables in schema journal to clerk;"
                            + " grant all on all sequences in schema journal to clerk");
            PGSimpleDataSource clerks = new PGSimpleDataSource();
            clerks.setURL(database.jdbcUrl());
            clerks.setUser("clerk");
            clerks.setPassword("clerk");
            account(database.dsl(clerks), 7, "plain").merge();
            Shop shop = Shop.in(database, clerks);
            shop.transaction(dsl -> account(dsl, 7, "changed").merge());
            assertThat(Rows.keys(shop.after())).containsExactly("UPDATE public.account[7]");
            assertThat(database.dsl().fetchValues(ACCOUNT.OWNER)).containsExactly("changed");
        } finally {
            database.dsl().execute("drop owned by clerk; drop role clerk");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"RUN_NOW", "REJECT"})
    void recordsWriteIsRefusedWhereTheExecuteListenerWasDropped(OutsideTransaction outside) {
        Shop shop = Shop.in(database, builder -> builder.outsideTransaction(outside));
        shop.transaction(dsl -> {
            Configuration without = dsl.configuration().derive(new ExecuteListenerProvider[0]);
            assertThatThrownBy(() -> account(without.dsl(), 7, "x").insert())
                    .isInstanceOf(StatementRefusedException.class)
                    .hasMessageContaining("ExecuteListenerProvider")
                    .hasMessageContaining("nothing was sent")
                    .hasMessageContaining("deriveAppending");
            account(dsl, 8, "heard").insert();
        });
        assertThat(database.journal()).hasSize(1);
        assertThat(Rows.keys(shop.after())).containsExactly("INSERT public.account[8]");
    }

    @ParameterizedTest
    @EnumSource
    void recordsWriteIsRefusedWhereTheRecordListenerWasDropped(Bypass bypass) {
        Shop shop = Shop.in(database, builder -> builder.bypass(bypass).recording(Recording.RECORDS_ONLY));
        shop.transaction(dsl -> {
            Configuration without = dsl.configuration().derive(new RecordListenerProvider[0]);
            assertThatThrownBy(() -> account(without.dsl(), 7, "x").insert())
                    .isInstanceOf(StatementRefusedException.class)
                    .hasMessageContaining("RecordListenerProvider")
                    .hasMessageContaining("nothing was sent")
                    .hasMessageContaining("deriveAppending");
            account(dsl, 8, "heard").insert();
        });
        assertThat(database.journal()).hasSize(1);
        assertThat(Rows.keys(shop.after())).containsExactly("INSERT public.account[8]");
    }

    /** Where statements are recorded, a record's is one, heard by the other listener. */
    @Test
    void recordsWriteIsRecordedAllTheSameWhereTheRecordListenerWasDropped() {
        Shop shop = Shop.in(database, builder -> builder.bypass(Bypass.REJECT));
        shop.transaction(dsl -> {
            Configuration without = dsl.configuration().derive(new RecordListenerProvider[0]);
            account(without.dsl(), 7, "x").insert();
        });
        shop.assertThatWhatWasToldIsWhatWasWritten();
        assertThat(shop.after()).hasSize(1);
    }

    @Test
    void warningsPrintNoValuesAndComeOnceForEachShape() {
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
            Shop shop = Shop.in(database, builder -> builder.recording(Recording.RECORDS_ONLY));
            for (String owner : List.of("secret one", "secret two")) {
                shop.dsl()
                        .batch(
                                shop.dsl().update(ACCOUNT).set(ACCOUNT.OWNER, owner),
                                shop.dsl().update(ACCOUNT).set(ACCOUNT.OWNER, owner))
                        .execute();
                shop.dsl(settings -> settings.withStatementType(StatementType.STATIC_STATEMENT))
                        .deleteFrom(ACCOUNT)
                        .where(ACCOUNT.OWNER.eq(owner))
                        .execute();
            }
        } finally {
            logger.removeHandler(handler);
        }
        assertThat(warnings).hasSize(2);
        assertThat(warnings).noneMatch(warning -> warning.contains("secret"));
        assertThat(warnings.get(0)).contains(database.dsl().render(DSL.name("owner")) + " = ?");
    }

    /** A table as the code generator makes it where it is told that its schema is the default one. */
    private static final class TableWithoutSchema extends CustomTable<RecordWithoutSchema> {

        private static final long serialVersionUID = 1L;
        private static final TableWithoutSchema ACCOUNT_OF_ANY = new TableWithoutSchema();

        private TableWithoutSchema() {
            super(DSL.name("account"), DSL.schema(DSL.name("")));
            createField(DSL.name("id"), SQLDataType.BIGINT);
        }

        @Override
        public Class<RecordWithoutSchema> getRecordType() {
            return RecordWithoutSchema.class;
        }
    }

    private static final class RecordWithoutSchema extends CustomRecord<RecordWithoutSchema> {

        private static final long serialVersionUID = 1L;

        RecordWithoutSchema() {
            super(TableWithoutSchema.ACCOUNT_OF_ANY);
        }
    }

    @Test
    @Needs(Ability.SCHEMAS)
    void emptySchemaIsNone() {
        DSLContext dsl = CommitHooks.builder()
                .on(TableWithoutSchema.ACCOUNT_OF_ANY, on -> on.afterCommitInsert((account, ctx) -> {}))
                .bypass(Bypass.REJECT)
                .recording(Recording.RECORDS_ONLY)
                .build()
                .attachTo(database.dsl());
        for (String name : List.of("account", "public.account", "\"public\".\"account\"")) {
            assertThatThrownBy(() -> dsl.execute("delete from " + name))
                    .isInstanceOf(StatementRefusedException.class)
                    .hasMessageContaining("A statement on account ");
        }
        assertThat(TableName.of(TableWithoutSchema.ACCOUNT_OF_ANY)).isEqualTo("account");
        dsl.execute("delete from "
                + (database.product() == Product.POSTGRESQL
                        ? "warehouse.stock"
                        : dsl.render(dev.commithooks.bookshop.warehouse.Tables.STOCK)));
    }

    @Test
    void imagesAreOfTheStatementAsSentWhateverAListenerDoesToTheRecord() {
        Shop shop = Shop.in(database);
        account(database.dsl(), 7, "first").insert();
        shop.transaction(dsl -> {
            AccountRecord account = dsl.fetchSingle(ACCOUNT);
            account.setOwner("sent");
            account.setBalance(BigDecimal.ONE);
            meddleWith(account);
            account.update();
            AccountRecord inserted = account(dsl, 8, "sent");
            meddleWith(inserted);
            inserted.insert();
        });
        Updated<?> updated = (Updated<?>) shop.told().after().get(0);
        assertThat(updated.row().get(ACCOUNT.OWNER)).isEqualTo("sent");
        assertThat(updated.row().get(ACCOUNT.BALANCE)).isEqualByComparingTo("1");
        assertThat(((Inserted<?>) shop.told().after().get(1)).row().get(ACCOUNT.OWNER))
                .isEqualTo("sent");
        shop.assertThatWhatWasToldIs(database.journal().subList(1, 3));
    }

    private static void meddleWith(AccountRecord account) {
        account.attach(account.configuration().deriveAppending(new ExecuteListener() {
            private static final long serialVersionUID = 1L;

            @Override
            public void prepareStart(ExecuteContext ctx) {
                account.setBalance(BigDecimal.valueOf(666));
            }

            @Override
            public void executeEnd(ExecuteContext ctx) {
                account.setOwner("meddled with");
            }
        }));
    }

    @Test
    void imagesKeepCopiesOfDatesThatCanBeAltered() {
        Timestamp when = new Timestamp(1_000);
        Object copy = Values.copyOf(when);
        Object array = Values.copyOf(new Timestamp[] {when});
        when.setTime(5_000);
        assertThat(copy).isEqualTo(new Timestamp(1_000));
        assertThat(array).isEqualTo(new Timestamp[] {new Timestamp(1_000)});
    }

    private static AccountRecord account(DSLContext dsl, long id, String owner) {
        AccountRecord account = dsl.newRecord(ACCOUNT);
        account.setId(id);
        account.setOwner(owner);
        return account;
    }
}
