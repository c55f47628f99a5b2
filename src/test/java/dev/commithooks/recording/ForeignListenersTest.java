package dev.commithooks.recording;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Product;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.transaction.TransactionAbortedException;
import org.jooq.DSLContext;
import org.jooq.ExecuteContext;
import org.jooq.ExecuteListener;
import org.jooq.RecordContext;
import org.jooq.RecordListener;
import org.jooq.conf.InvocationOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Listeners of somebody else's that throw, or die, beside ours. */
@Database
class ForeignListenersTest {

    /** Where a foreign listener throws. */
    enum Place {
        START,
        RENDER_END,
        PREPARE_START,
        PREPARE_END,
        BIND_END,
        EXECUTE_START,
        EXECUTE_END,
        FETCH_END,
        END,
        RECORD_START,
        RECORD_END
    }

    private final TestDatabase database;
    private final Shop shop;

    ForeignListenersTest(TestDatabase database) {
        this.database = database;
        this.shop = Shop.in(database);
    }

    @ParameterizedTest
    @EnumSource
    void rowIsRecordedIfTheServerWroteItWhereverSomebodyThrows(Place place) {
        throwAt(place, new IllegalStateException("foreign"), IllegalStateException.class);
    }

    /** Of an Error jOOQ tells nobody. Where one flies before we hear of the result, nobody knows about the row: it is not committed. */
    @ParameterizedTest
    @EnumSource
    void errorsLeaveNothingBehindEither(Place place) {
        throwAt(place, new AssertionError("foreign"), AssertionError.class);
    }

    private void throwAt(Place place, Throwable thrown, Class<? extends Throwable> type) {
        for (InvocationOrder order : InvocationOrder.values()) {
            database.reset();
            shop.told().clear();
            Thrower thrower = new Thrower(place, thrown);
            DSLContext listened = shop.dsl()
                    .configuration()
                    .deriveAppending(thrower.statements())
                    .deriveAppending(thrower.records())
                    .dsl();
            DSLContext dsl = Shop.with(
                    listened,
                    settings -> settings.withExecuteListenerEndInvocationOrder(order)
                            .withExecuteListenerStartInvocationOrder(order)
                            .withRecordListenerStartInvocationOrder(order)
                            .withRecordListenerEndInvocationOrder(order));
            Throwable refusal = catchThrowable(() -> dsl.transaction(tx -> {
                AccountRecord account = account(tx.dsl(), "watched");
                thrower.armed = true;
                assertThatThrownBy(account::insert).isInstanceOf(type);
                thrower.armed = false;
                // Whatever is left over of it must not take this statement for its own.
                tx.dsl().insertInto(ACCOUNT).set(ACCOUNT.OWNER, "nobody's").execute();
                account(tx.dsl(), "later").insert();
            }));
            if (isUnheardOf(place, thrown, order)) {
                assertThat(refusal).isInstanceOf(TransactionAbortedException.class);
                assertThat(database.journal()).isEmpty();
            } else {
                assertThat(refusal).isNull();
            }
            boolean captured = database.product().can(Ability.CAPTURED_INSERTS);
            assertThat(shop.bypasses()).as(place + " " + order).hasSize(captured ? 0 : 1);
            assertThat(Rows.keys(shop.after())).as(place + " " + order).hasSize((int) database.journal().stream()
                    .filter(row -> captured || !"nobody's".equals(row.newRow().get("owner")))
                    .count());
        }
    }

    /** Where the key comes by another statement, jOOQ knows of the row before it asks listeners. */
    private boolean isUnheardOf(Place place, Throwable thrown, InvocationOrder order) {
        return database.product() != Product.SQLITE
                && place == Place.EXECUTE_END
                && thrown instanceof Error
                && order == InvocationOrder.REVERSE;
    }

    private static final class Thrower {

        private final Place place;
        private final Throwable thrown;
        private boolean armed;

        Thrower(Place place, Throwable thrown) {
            this.place = place;
            this.thrown = thrown;
        }

        private void at(Place here) {
            if (armed && here == place) {
                Thrower.<RuntimeException>sneakily(thrown);
            }
        }

        @SuppressWarnings("unchecked")
        private static <T extends Throwable> void sneakily(Throwable thrown) throws T {
            throw (T) thrown;
        }

        RecordListener records() {
            return new RecordListener() {
                @Override
                public void insertStart(RecordContext ctx) {
                    at(Place.RECORD_START);
                }

                @Override
                public void insertEnd(RecordContext ctx) {
                    at(Place.RECORD_END);
                }
            };
        }

        ExecuteListener statements() {
            return new Statements(this);
        }
    }

    private static final class Statements implements ExecuteListener {

        private static final long serialVersionUID = 1L;

        private final transient Thrower thrower;

        Statements(Thrower thrower) {
            this.thrower = thrower;
        }

        @Override
        public void start(ExecuteContext ctx) {
            thrower.at(Place.START);
        }

        @Override
        public void renderEnd(ExecuteContext ctx) {
            thrower.at(Place.RENDER_END);
        }

        @Override
        public void prepareStart(ExecuteContext ctx) {
            thrower.at(Place.PREPARE_START);
        }

        @Override
        public void prepareEnd(ExecuteContext ctx) {
            thrower.at(Place.PREPARE_END);
        }

        @Override
        public void bindEnd(ExecuteContext ctx) {
            thrower.at(Place.BIND_END);
        }

        @Override
        public void executeStart(ExecuteContext ctx) {
            thrower.at(Place.EXECUTE_START);
        }

        @Override
        public void executeEnd(ExecuteContext ctx) {
            thrower.at(Place.EXECUTE_END);
        }

        @Override
        public void fetchEnd(ExecuteContext ctx) {
            thrower.at(Place.FETCH_END);
        }

        @Override
        public void end(ExecuteContext ctx) {
            thrower.at(Place.END);
        }
    }

    private static AccountRecord account(DSLContext dsl, String owner) {
        AccountRecord account = dsl.newRecord(ACCOUNT);
        account.setOwner(owner);
        return account;
    }
}
