package dev.commithooks.spring;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.JournalEntry;
import dev.commithooks.fixture.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Every propagation in every surrounding, with every end: hooks are told of the rows that the database holds, and of every other
 * row that was written they are told that it failed.
 */
@Database
class PropagationMatrixTest {

    private final TestDatabase database;
    private final List<String> written = new ArrayList<>();

    PropagationMatrixTest(TestDatabase database) {
        this.database = database;
    }

    enum Around {
        NOTHING,
        TRANSACTION,
        NESTED_TRANSACTION,
        JOOQ_TRANSACTION
    }

    enum End {
        NORMAL,
        THROWS,
        ROLLBACK_ONLY,
        STATEMENT_FAILS
    }

    enum Writer {
        RECORD,
        STATEMENT,
        JOOQ_TRANSACTION
    }

    record Cell(Around around, Propagation propagation, End inner, End outer, Writer writer) {}

    static Stream<Arguments> surroundings() {
        return Stream.of(Managers.values())
                .flatMap(manager -> Stream.of(Around.values())
                        .flatMap(around -> Stream.of(Propagation.values())
                                .map(propagation -> Arguments.of(manager, around, propagation))));
    }

    private static List<Cell> cells(Around around, Propagation propagation) {
        List<Cell> cells = new ArrayList<>();
        for (End inner : End.values()) {
            for (End outer : around == Around.NOTHING ? new End[] {End.NORMAL} : End.values()) {
                for (Writer writer : Writer.values()) {
                    cells.add(new Cell(around, propagation, inner, outer, writer));
                }
            }
        }
        return cells;
    }

    private static final class Planned extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @ParameterizedTest
    @MethodSource("surroundings")
    void hooksAreToldWhatTheDatabaseHolds(Managers manager, Around around, Propagation propagation) {
        SpringWorld world = new SpringWorld(manager, database.pool(2), new HookJournal());
        long checked = 0;
        for (Cell cell : cells(around, propagation)) {
            world.told.drain();
            written.clear();
            try {
                around(world, cell);
            } catch (Planned | TransactionException | DataAccessException expected) {
                // what is committed is asked of the database
            }

            List<JournalEntry> entries = database.journal(checked);
            List<String> committed =
                    entries.stream().map(SpringWorld::inHooksWords).toList();
            checked = entries.isEmpty()
                    ? checked
                    : entries.get(entries.size() - 1).seq();
            assertThat(world.told("after")).as(cell.toString()).containsExactlyInAnyOrderElementsOf(committed);
            assertThat(world.told("after", "failed", "in doubt"))
                    .as(cell.toString())
                    .containsExactlyInAnyOrderElementsOf(written);
            assertThat(world.told("in doubt")).isEmpty();
            assertThat(world.told("before")).hasSizeGreaterThanOrEqualTo(committed.size());
            world.assertNothingIsBound();
        }
    }

    private void around(SpringWorld world, Cell cell) {
        switch (cell.around()) {
            case NOTHING -> inner(world, cell);
            case TRANSACTION -> world.template().executeWithoutResult(status -> outer(world, cell, status));
            case NESTED_TRANSACTION ->
                world.template()
                        .executeWithoutResult(
                                top -> world.nested().executeWithoutResult(status -> outer(world, cell, status)));
            case JOOQ_TRANSACTION ->
                world.dsl.transaction(tx -> {
                    write(world, Writer.RECORD);
                    swallowing(() -> inner(world, cell));
                    end(world, cell.outer(), null);
                });
        }
    }

    private void outer(SpringWorld world, Cell cell, TransactionStatus status) {
        write(world, cell.writer());
        swallowing(() -> inner(world, cell));
        swallowing(() -> write(world, cell.writer()));
        end(world, cell.outer(), status);
    }

    private void inner(SpringWorld world, Cell cell) {
        TransactionTemplate template = world.template(cell.propagation().value());
        template.executeWithoutResult(status -> {
            write(world, cell.writer());
            write(world, cell.writer());
            end(world, cell.inner(), status);
        });
    }

    private void write(SpringWorld world, Writer writer) {
        Long id = switch (writer) {
            case RECORD -> world.store("ann").getId();
            case STATEMENT ->
                world.dsl
                        .insertInto(ACCOUNT)
                        .set(ACCOUNT.OWNER, "ann")
                        .returning()
                        .fetchSingle(ACCOUNT.ID);
            case JOOQ_TRANSACTION ->
                world.dsl.transactionResult(
                        tx -> SpringWorld.store(tx.dsl(), "ann").getId());
        };
        written.add("insert account[" + id + "]");
    }

    private static void swallowing(Runnable action) {
        try {
            action.run();
        } catch (Planned | TransactionException | DataAccessException swallowed) {
            // as careless code does
        }
    }

    private static void end(SpringWorld world, End end, @Nullable TransactionStatus status) {
        switch (end) {
            case NORMAL -> {}
            case THROWS -> throw new Planned();
            case ROLLBACK_ONLY -> {
                if (status != null) {
                    status.setRollbackOnly();
                }
            }
            case STATEMENT_FAILS -> swallowing(() -> world.dsl.execute("select 1/0"));
        }
    }
}
