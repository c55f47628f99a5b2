package dev.commithooks.recording;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.bookshop.shop.Tables.CUSTOMER;
import static dev.commithooks.bookshop.shop.Tables.INVOICE;
import static dev.commithooks.bookshop.shop.Tables.PAGE_VIEW;
import static dev.commithooks.bookshop.shop.Tables.PARCEL;
import static dev.commithooks.bookshop.shop.Tables.PURCHASE;
import static dev.commithooks.bookshop.shop.Tables.PURCHASE_LINE;
import static dev.commithooks.bookshop.shop.Tables.SALE;
import static dev.commithooks.bookshop.shop.Tables.STOCK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.JournalEntry;
import dev.commithooks.fixture.Product;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.recording.WriteCase.Outcome;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jooq.Table;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way to write with a record, wherever it happens: hooks are told of the rows that the database says were written. */
@Database
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WriteMatrixTest {

    private final TestDatabase database;
    private final DataSource connections;
    private Shop shop;
    private final int serverVersion;
    private int preparedRows;

    WriteMatrixTest(TestDatabase database) {
        this.database = database;
        this.connections = database.pool(2);
        this.shop = Shop.in(database, connections);
        this.serverVersion = database.postgresVersion();
    }

    static Stream<WriteCase> writes() {
        return WriteCase.all();
    }

    @BeforeEach
    void prepareRows() {
        shop = Shop.in(database, connections);
        database.dsl(connections).transaction(tx -> ShopRows.prepare(tx.dsl()));
        preparedRows = database.journal().size();
    }

    private List<JournalEntry> written() {
        List<JournalEntry> journal = database.journal();
        return journal.subList(preparedRows, journal.size());
    }

    @ParameterizedTest
    @MethodSource("writes")
    void inATransaction(WriteCase write) {
        run(write, () -> shop.transaction(write::write));
        shop.assertThatWhatWasToldIs(written(), write.knowsItsRows());
        assertThatTheCaseIsWhatItSays(write);
        if (write.outcome() != Outcome.FAILED || database.product() == Product.POSTGRESQL) {
            assertThat(shop.told().failed()).isEmpty(); // elsewhere a batch that fails may have written rows before
        }
    }

    /** Every table that the server can tell everything of, so that nobody listens to records from the second transaction on. */
    private static final List<Table<?>> TOLD_BY_THE_SERVER =
            List.of(ACCOUNT, AUTHOR, CUSTOMER, INVOICE, PAGE_VIEW, PARCEL, PURCHASE, PURCHASE_LINE, SALE, STOCK);

    @ParameterizedTest
    @MethodSource("writes")
    void inATransactionWhoseServerTells(WriteCase write) {
        shop = Shop.in(database, connections, TOLD_BY_THE_SERVER, builder -> builder);
        shop.transaction(dsl -> dsl.selectOne().fetch()); // by which the server is known
        run(
                write,
                () -> shop.transaction(dsl -> {
                    assertThat(dsl.configuration().recordListenerProviders()).hasSize(serverVersion >= 18 ? 0 : 1);
                    write.write(dsl);
                }));
        List<String> hooked = TOLD_BY_THE_SERVER.stream().map(Table::getName).toList();
        shop.assertThatWhatWasToldIs(
                written().stream()
                        .filter(row -> row.schema().equals("public") && hooked.contains(row.table()))
                        .toList(),
                serverVersion >= 18 || write.knowsItsRows());
        assertThatTheCaseIsWhatItSays(write);
        if (write.outcome() != Outcome.FAILED) { // of static queries the first may have been written
            assertThat(shop.told().failed()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("writes")
    void outsideATransaction(WriteCase write) {
        run(write, () -> write.write(shop.dsl()));
        shop.assertThatWhatWasToldIs(written(), write.knowsItsRows());
        assertThat(shop.told().inDoubt()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("writes")
    void inASavepointThatIsReleased(WriteCase write) {
        run(write, () -> shop.transaction(outer -> outer.transaction(inner -> write.write(inner.dsl()))));
        shop.assertThatWhatWasToldIs(written(), write.knowsItsRows());
        assertThatTheCaseIsWhatItSays(write);
    }

    @ParameterizedTest
    @MethodSource("writes")
    void inASavepointThatIsRolledBack(WriteCase write) {
        write.assumeThatItExistsIn(database);
        shop.transaction(outer -> {
            try {
                outer.transaction(inner -> {
                    write.write(inner.dsl());
                    throw new Regret();
                });
            } catch (Regret | DataAccessException rolledBack) {
                assertThat(rolledBack instanceof Regret).isEqualTo(write.outcome() != Outcome.FAILED);
            }
        });
        assertThat(written()).isEmpty();
        shop.assertThatWhatWasToldIs(written(), write.knowsItsRows());
        List<?> told = shop.told().failed();
        if (write.outcome() != Outcome.FAILED || database.product() == Product.POSTGRESQL) {
            assertThat(told.isEmpty())
                    .as("failed hooks were told %s", told)
                    .isEqualTo(write.outcome() != Outcome.WRITTEN);
        }
    }

    private static final class Regret extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private void run(WriteCase write, Runnable work) {
        write.assumeThatItExistsIn(database);
        if (write.outcome() == Outcome.FAILED) {
            assertThatThrownBy(work::run).isInstanceOf(DataAccessException.class);
        } else {
            work.run();
        }
    }

    private void assertThatTheCaseIsWhatItSays(WriteCase write) {
        assertThat(written().isEmpty()).isEqualTo(write.outcome() != Outcome.WRITTEN);
        assertThat(shop.bypasses()).isEmpty();
    }
}
