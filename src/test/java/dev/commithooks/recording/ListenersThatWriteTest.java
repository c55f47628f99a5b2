package dev.commithooks.recording;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.bookshop.shop.Tables.PARCEL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.bookshop.shop.tables.records.ParcelRecord;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.JournalEntry;
import dev.commithooks.fixture.Product;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.Bypass;
import java.util.List;
import java.util.function.BiConsumer;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.ExecuteContext;
import org.jooq.ExecuteListener;
import org.jooq.RecordContext;
import org.jooq.RecordListener;
import org.jooq.conf.InvocationOrder;
import org.junit.jupiter.api.Test;

/** Listeners of somebody else's that write beside ours. */
@Database
class ListenersThatWriteTest {

    private final TestDatabase database;
    private final Shop shop;

    ListenersThatWriteTest(TestDatabase database) {
        this.database = database;
        this.shop = Shop.in(database);
    }

    @Test
    void recordsThatAListenerWritesMeanwhileAreRecordedToo() {
        for (InvocationOrder order : InvocationOrder.values()) {
            database.reset();
            shop.told().clear();
            DSLContext dsl = Shop.with(
                    listening((ctx, when) -> {
                        if (ctx.record() instanceof ParcelRecord parcel) {
                            account(ctx.configuration().dsl(), when + " " + parcel.getLabel())
                                    .store();
                        }
                    }),
                    settings -> settings.withRecordListenerStartInvocationOrder(order)
                            .withRecordListenerEndInvocationOrder(order));
            dsl.transaction(tx -> {
                parcel(tx.dsl(), "a").store();
                parcel(tx.dsl(), "swallow").store();
            });
            shop.assertThatWhatWasToldIsWhatWasWritten();
            assertThat(shop.told().after())
                    .hasSize(database.product() == Product.POSTGRESQL ? 5 : 6); // has a trigger that swallows
        }
    }

    /** An audit listener as everybody writes one: on the same table it is at work on. */
    @Test
    void listenerThatWritesTheSameTableByDslIsRecordedBesideTheRecord() {
        DSLContext dsl = listening((ctx, when) -> {
            if (ctx.record() instanceof AccountRecord) {
                ctx.configuration()
                        .dsl()
                        .insertInto(ACCOUNT)
                        .set(ACCOUNT.OWNER, when)
                        .execute();
            }
        });
        dsl.transaction(tx -> account(tx.dsl(), "recorded").store());
        assertThat(database.journal()).hasSize(3);
        assertThatAllIsTold("recorded");
    }

    /** The same, by a listener to statements, which may be called before ours. */
    @Test
    void statementThatAStatementsListenerWritesFirstIsNotTheRecordsOwn() {
        for (InvocationOrder order : InvocationOrder.values()) {
            database.reset();
            shop.told().clear();
            Twin twin = new Twin();
            DSLContext dsl = Shop.with(
                    shop.dsl().configuration().deriveAppending(twin).dsl(),
                    settings -> settings.withExecuteListenerStartInvocationOrder(order));
            dsl.transaction(tx -> {
                twin.dsl = tx.dsl();
                account(tx.dsl(), "recorded").store();
            });
            assertThat(database.journal()).as("" + order).hasSize(2);
            assertThatAllIsTold("recorded");
        }
    }

    /** Where a statement is not captured, all but its rows. */
    private void assertThatAllIsTold(String ofTheRecord) {
        List<JournalEntry> rows = database.journal().stream()
                .filter(row -> database.product().can(Ability.CAPTURED_INSERTS)
                        || ofTheRecord.equals(row.newRow().get("owner")))
                .toList();
        shop.assertThatWhatWasToldIs(rows);
        assertThat(shop.bypasses()).hasSize(database.journal().size() - rows.size());
    }

    private static final class Twin implements ExecuteListener {

        private static final long serialVersionUID = 1L;

        private transient DSLContext dsl;

        @Override
        public void start(ExecuteContext ctx) {
            DSLContext its = dsl;
            if (its != null) {
                dsl = null;
                its.insertInto(ACCOUNT).set(ACCOUNT.OWNER, "twin").execute();
            }
        }
    }

    @Test
    void otherStatementsInsideAnOperationAreStillWatched() {
        Shop strict = Shop.in(database, builder -> builder.bypass(Bypass.REJECT));
        Configuration configuration = strict.dsl().configuration().deriveAppending(new RecordListener() {
            @Override
            public void insertStart(RecordContext ctx) {
                ctx.configuration().dsl().truncate(AUTHOR).cascade().execute();
            }
        });
        assertThatThrownBy(() -> account(configuration.dsl(), "any").store()).hasMessageContaining("public.author");
        assertThat(database.journal()).isEmpty();
    }

    private DSLContext listening(BiConsumer<RecordContext, String> listener) {
        return shop.dsl()
                .configuration()
                .deriveAppending(new RecordListener() {
                    @Override
                    public void insertStart(RecordContext ctx) {
                        listener.accept(ctx, "before");
                    }

                    @Override
                    public void insertEnd(RecordContext ctx) {
                        listener.accept(ctx, "after");
                    }
                })
                .dsl();
    }

    private static AccountRecord account(DSLContext dsl, String owner) {
        AccountRecord account = dsl.newRecord(ACCOUNT);
        account.setOwner(owner);
        return account;
    }

    private static ParcelRecord parcel(DSLContext dsl, String label) {
        ParcelRecord parcel = dsl.newRecord(PARCEL);
        parcel.setLabel(label);
        return parcel;
    }
}
