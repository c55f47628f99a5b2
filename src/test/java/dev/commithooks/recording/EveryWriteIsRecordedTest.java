package dev.commithooks.recording;

import static dev.commithooks.bookshop.shop.Tables.STOCK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.CommitHooks;
import dev.commithooks.HookLambdas;
import dev.commithooks.bookshop.shop.tables.pojos.Stock;
import dev.commithooks.bookshop.shop.tables.records.StockRecord;
import dev.commithooks.change.Change;
import dev.commithooks.change.ChangeType;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.BucketMode;
import dev.commithooks.policy.Recording;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.conf.Settings;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A table with any hook has all its writes recorded, so that what one hook is told depends on no other. */
@Database
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EveryWriteIsRecordedTest {

    /** Several writes of one row, on a shelf where '1' is and '2' is not. */
    enum Work {
        INSERT_THEN_UPDATE(dsl -> {
            StockRecord stock = stock(dsl, "2", "draft");
            stock.store();
            stock.setShelf("final");
            stock.store();
        }),
        INSERT_THEN_DELETE(dsl -> {
            StockRecord stock = stock(dsl, "2", "gone");
            stock.store();
            stock.delete();
        }),
        DELETE_THEN_INSERT(dsl -> {
            first(dsl).delete();
            stock(dsl, "1", "back").store();
        }),
        UPDATE_THEN_DELETE(dsl -> {
            StockRecord stock = first(dsl);
            stock.setShelf("changed");
            stock.store();
            stock.delete();
        }),
        INSERT_THEN_NEW_KEY(dsl -> {
            StockRecord stock = stock(dsl, "2", "moved");
            stock.store();
            stock.setIsbn("3");
            stock.store();
        }),
        IN_A_BATCH(dsl -> {
            dsl.batchInsert(stock(dsl, "2", "draft")).execute();
            StockRecord stock = dsl.fetchSingle(STOCK, STOCK.ISBN.eq("2"));
            stock.setShelf("final");
            dsl.batchUpdate(stock).execute();
            dsl.batchDelete(first(dsl)).execute();
        }),
        BY_STATEMENTS(dsl -> {
            dsl.insertInto(STOCK)
                    .set(STOCK.ISBN, "2")
                    .set(STOCK.QUANTITY, 1)
                    .set(STOCK.SHELF, "draft")
                    .execute();
            dsl.update(STOCK)
                    .set(STOCK.SHELF, "final")
                    .where(STOCK.ISBN.eq("2"))
                    .execute();
            dsl.deleteFrom(STOCK).where(STOCK.ISBN.eq("1")).execute();
        });

        private final Consumer<DSLContext> work;

        Work(Consumer<DSLContext> work) {
            this.work = work;
        }

        private static StockRecord first(DSLContext dsl) {
            return dsl.fetchSingle(STOCK, STOCK.ISBN.eq("1"));
        }

        private static StockRecord stock(DSLContext dsl, String isbn, String shelf) {
            return dsl.newRecord(STOCK, new Stock(isbn, 1, shelf));
        }
    }

    private final TestDatabase database;
    private final DataSource connections;

    EveryWriteIsRecordedTest(TestDatabase database) {
        this.database = database;
        this.connections = database.pool(1);
    }

    static Stream<Arguments> cases() {
        return Stream.of(BucketMode.values())
                .flatMap(mode -> Stream.of(Work.values()).map(work -> Arguments.of(mode, work)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void whatAHookIsToldDependsOnNoOtherHook(BucketMode mode, Work work) {
        assertThatNoHookDependsOnAnother(mode, work, Recording.STATEMENTS);
    }

    /** Elsewhere a record's write that its own event does not tell of is told of as any statement's. */
    @ParameterizedTest
    @EnumSource
    void norDoesItWhereRecordsAloneAreRecorded(Work work) {
        assertThatNoHookDependsOnAnother(BucketMode.BUCKETED, work, Recording.RECORDS_ONLY);
    }

    private void assertThatNoHookDependsOnAnother(BucketMode mode, Work work, Recording recording) {
        List<String> withAll = told(mode, work, EnumSet.allOf(ChangeType.class), recording);
        for (ChangeType type : ChangeType.values()) {
            assertThat(told(mode, work, EnumSet.of(type), recording))
                    .as("hooks on %s alone", type)
                    .isEqualTo(withAll.stream()
                            .filter(line -> line.startsWith(type.name()))
                            .toList());
        }
    }

    @ParameterizedTest
    @EnumSource(names = "EVERY", mode = EnumSource.Mode.EXCLUDE)
    void hookOnInsertsAloneHearsTheRowThatWasCommitted(BucketMode mode) {
        assertThat(told(mode, Work.INSERT_THEN_UPDATE, EnumSet.of(ChangeType.INSERT), Recording.STATEMENTS))
                .singleElement()
                .asString()
                .contains("final");
        assertThat(database.dsl().fetchValues(STOCK.SHELF)).contains("final").doesNotContain("draft");
    }

    private List<String> told(BucketMode mode, Work work, Set<ChangeType> types, Recording recording) {
        database.reset();
        database.dsl().newRecord(STOCK, new Stock("1", 1, "first")).insert();
        List<String> told = new ArrayList<>();
        DSLContext dsl = CommitHooks.builder()
                .buckets(mode)
                .recording(recording)
                .on(STOCK, on -> types.forEach(type -> listen(on, type, told)))
                .build()
                .attachTo(database.dsl(connections, new Settings().withUpdatablePrimaryKeys(true)));
        dsl.transaction(tx -> work.work.accept(tx.dsl()));
        return told;
    }

    private static void listen(HookLambdas<StockRecord> on, ChangeType type, List<String> told) {
        switch (type) {
            case INSERT -> on.afterCommitInsert((change, ctx) -> told.add(line(change)));
            case UPDATE -> on.afterCommitUpdate((change, ctx) -> told.add(line(change)));
            case DELETE -> on.afterCommitDelete((change, ctx) -> told.add(line(change)));
        }
    }

    private static String line(Change<StockRecord> change) {
        return change.type() + " " + change;
    }
}
