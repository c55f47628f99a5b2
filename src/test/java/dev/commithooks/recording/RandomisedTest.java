package dev.commithooks.recording;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.bookshop.shop.Tables.PARCEL;
import static dev.commithooks.bookshop.shop.Tables.STOCK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.commithooks.change.Change;
import dev.commithooks.change.RowKey;
import dev.commithooks.change.TableChanges;
import dev.commithooks.change.Updated;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.JournalEntry;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.hook.BeforeCommitHooks;
import dev.commithooks.hook.HookContext;
import dev.commithooks.policy.BucketMode;
import dev.commithooks.policy.Bypass;
import dev.commithooks.policy.OldRows;
import dev.commithooks.recording.ExpectedBuckets.Expected;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jooq.Record;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever is written at random, at each commit the hooks' buckets are the journal's; what a database does not tell is refused
 * before it is sent. The same each time, unless {@code -Dcommithooks.random.seed} says otherwise; {@code -Dcommithooks.random.operations} makes it longer.
 */
@Database
class RandomisedTest {

    /** The key of a parcel that was inserted in a batch is not known, so parcels are compared without keys. */
    private static final Map<String, String> KEYS =
            Map.of("account", "id", "stock", "isbn", "book", "id", "author", "id");

    private final TestDatabase database;
    private long lastEntry;

    RandomisedTest(TestDatabase database) {
        this.database = database;
    }

    @ParameterizedTest
    @CsvSource({
        "BUCKETED, FROM_RECORD", "BUCKETED, FROM_DATABASE",
        "NET, FROM_RECORD", "NET, FROM_DATABASE",
        "EVERY, FROM_RECORD", "EVERY, FROM_DATABASE"
    })
    void bucketsAreTheJournals(BucketMode mode, OldRows oldRows) {
        int operations = Integer.getInteger("commithooks.random.operations", 300);
        Shop shop = Shop.in(
                database, builder -> builder.buckets(mode).oldRows(oldRows).bypass(Bypass.REJECT));
        RandomWrites writes = RandomWrites.to(database, oldRows);
        try {
            while (writes.operations() < operations) {
                boolean committed = transaction(shop, writes);
                List<JournalEntry> written = writtenSinceLastTime();
                List<Change<?>> told = shop.after();
                if (!committed) {
                    assertThat(written).isEmpty();
                }
                compare(mode, oldRows, told, written);
            }
            assertThatNothingIsRefusedButWhatIsNotTold(writes, shop);
        } catch (AssertionError e) {
            throw new AssertionError(
                    mode + " " + oldRows + ", seed " + RandomWrites.seed() + ", after " + writes.operations()
                            + " operations: " + e.getMessage(),
                    e);
        }
    }

    /** Hooks on tables whose every write the server tells: nobody listens to records from the second transaction on. */
    @ParameterizedTest
    @EnumSource
    void bucketsAreTheJournalsWhereTheServerTells(BucketMode mode) {
        int operations = Integer.getInteger("commithooks.random.operations", 300);
        RandomWrites writes = RandomWrites.to(database, OldRows.FROM_RECORD);
        Shop shop = Shop.in(
                database,
                database.pool(1),
                List.of(ACCOUNT, STOCK, PARCEL),
                builder -> builder.buckets(mode).bypass(Bypass.REJECT));
        while (writes.operations() < operations) {
            transaction(shop, writes);
            List<JournalEntry> written = writtenSinceLastTime().stream()
                    .filter(entry -> List.of("account", "stock", "parcel").contains(entry.table()))
                    .toList();
            compare(mode, OldRows.FROM_RECORD, shop.after(), written);
        }
        assertThatNothingIsRefusedButWhatIsNotTold(writes, shop);
    }

    /** Each statement is a transaction, with its before hooks, which refuse some of them. */
    @ParameterizedTest
    @EnumSource
    void outsideTransactionsRowsAreTheJournals(OldRows oldRows) {
        int operations = Integer.getInteger("commithooks.random.operations", 300) / 2;
        RandomWrites writes = RandomWrites.to(database, oldRows);
        Refusals refusals = new Refusals(RandomWrites.seed());
        Shop shop = Shop.in(
                database,
                builder -> builder.oldRows(oldRows).registerAll(refusals).bypass(Bypass.REJECT));
        while (writes.operations() < operations) {
            writes.oneOutside(shop.dsl());
            List<JournalEntry> written = writtenSinceLastTime();
            int refused = refusals.drain();
            try {
                assertThat(shop.told().inDoubt()).isEmpty();
                assertThat(shop.told().before()).hasSize(written.size() + refused);
                assertThat(shop.told().failed()).hasSizeGreaterThanOrEqualTo(refused);
                compare(BucketMode.EVERY, oldRows, shop.after(), written);
            } catch (AssertionError e) {
                throw new AssertionError(
                        oldRows + ", seed " + RandomWrites.seed() + ", after " + writes.operations() + " operations: "
                                + e.getMessage(),
                        e);
            }
        }
        assertThat(refusals.all()).isPositive();
        assertThatNothingIsRefusedButWhatIsNotTold(writes, shop);
    }

    /** On PostgreSQL nothing; elsewhere each kind of statement that does not tell its rows, and no other. */
    private void assertThatNothingIsRefusedButWhatIsNotTold(RandomWrites writes, Shop shop) {
        Set<RandomStatements.Kind> untold = RandomStatements.untoldOn(database.product());
        assertThat(writes.refused()).isEqualTo(untold);
        assertThat(shop.bypasses()).allMatch(bypass -> bypass.startsWith("refused "));
        if (untold.isEmpty()) {
            assertThat(shop.bypasses()).isEmpty();
        }
    }

    /** A before hook that refuses some statements. */
    private static final class Refusals implements BeforeCommitHooks<Record> {

        private final Random random;
        private int refused;
        private int all;

        Refusals(long seed) {
            this.random = new Random(seed);
        }

        int drain() {
            int drained = refused;
            refused = 0;
            return drained;
        }

        int all() {
            return all;
        }

        @Override
        public void beforeCommit(TableChanges<Record> changes, HookContext ctx) {
            if (random.nextInt(8) == 0) {
                refused += ctx.changes().all().size();
                all++;
                throw new RandomWrites.ChangeOfMind();
            }
        }
    }

    private List<JournalEntry> writtenSinceLastTime() {
        List<JournalEntry> written = database.journal(lastEntry);
        lastEntry =
                written.isEmpty() ? lastEntry : written.get(written.size() - 1).seq();
        return written;
    }

    private static boolean transaction(Shop shop, RandomWrites writes) {
        boolean commit = !writes.chance(0.2);
        try {
            shop.transaction(dsl -> {
                writes.some(dsl, 0);
                if (!commit) {
                    throw new RandomWrites.ChangeOfMind();
                }
            });
        } catch (RandomWrites.ChangeOfMind rolledBack) {
            assertThat(commit).isFalse();
        }
        return commit;
    }

    private static void compare(BucketMode mode, OldRows oldRows, List<Change<?>> told, List<JournalEntry> written) {
        boolean exact = oldRows == OldRows.FROM_DATABASE;
        if (mode == BucketMode.EVERY) {
            assertThat(told).zipSatisfy(written, exact ? Rows::assertSame : Rows::assertSameRow);
            return;
        }
        List<Expected> expected = new ExpectedBuckets(KEYS).fold(mode, written);
        assertThat(told)
                .as("written: %s", written)
                .extracting(RandomisedTest::label)
                .containsExactlyInAnyOrderElementsOf(
                        expected.stream().map(Expected::toString).toList());
        List<Expected> rest = new ArrayList<>(expected);
        for (Change<?> change : told) {
            Expected match = rest.stream()
                    .filter(candidate -> candidate.toString().equals(label(change)))
                    .findFirst()
                    .orElseThrow();
            rest.remove(match);
            if (match.hasClearImages()) {
                assertThatCode(() -> Rows.assertImages(change, match.oldRow(), match.newRow(), exact))
                        .as("%s should be %s, written: %s", change, match, written)
                        .doesNotThrowAnyException();
            }
        }
    }

    private static String label(Change<?> change) {
        String table = change.table().getName();
        boolean hasKey = KEYS.containsKey(table);
        String from = change instanceof Updated<?> updated && !updated.oldKey().equals(updated.key())
                ? " from " + text(updated.oldKey())
                : "";
        return change.type() + " " + table + "[" + (hasKey ? text(change.key()) : "null") + "]" + (hasKey ? from : "");
    }

    private static String text(Optional<RowKey> key) {
        return key.map(known -> String.valueOf(known.values().get(0))).orElse("?");
    }
}
