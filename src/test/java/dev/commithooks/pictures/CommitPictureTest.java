package dev.commithooks.pictures;

import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static dev.commithooks.bookshop.shop.Tables.REVIEW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TcpProxy;
import dev.commithooks.fixture.TcpProxy.Fault;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.transaction.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The life of a commit, as it was lived. */
@Database
@NeedsRealCommits("connections break")
class CommitPictureTest {

    private final TestDatabase database;

    CommitPictureTest(TestDatabase database) {
        this.database = database;
    }

    @Test
    void theLifeOfACommitIsWhatHappens() {
        long book = database.dsl()
                .insertInto(BOOK, BOOK.TITLE)
                .values("Ubik")
                .returning()
                .fetchSingle(BOOK.ID);

        List<Step> committed = run(new Run(), book, 1);
        List<Step> vetoed = run(new Run().vetoed(), book, 0);
        List<Step> refused = run(new Run(), book + 1, 0);
        List<Step> resolved = cut(new Run().resolved(Outcome.COMMITTED), book, Fault.CUT_BEFORE_ANSWER, 1);
        List<Step> undone = cut(new Run().resolved(Outcome.ROLLED_BACK), book, Fault.CUT_BEFORE_ARRIVAL, 0);
        List<Step> doubtful = cut(new Run(), book, Fault.CUT_BEFORE_ANSWER, 1);

        List<Step> trunk = committed.subList(0, 4);
        assertThat(trunk)
                .extracting(Step::text)
                .containsExactly("BEGIN", "insert into review", "before hook", "COMMIT");
        Pictures.assertIs(
                "commit.svg",
                new CommitPicture(trunk)
                        .branch(
                                Ink.BAD,
                                "a before hook throws",
                                "COMMIT is not sent",
                                tail(trunk.subList(0, 3), vetoed))
                        .branch(Ink.GOOD, "COMMIT succeeds", "the row is in the database", tail(trunk, committed))
                        .branch(Ink.BAD, "COMMIT is refused", "here by a deferred constraint", tail(trunk, refused))
                        .branch(Ink.GOOD, "no answer: a resolver knows", "that it is committed", tail(trunk, resolved))
                        .branch(Ink.BAD, "no answer: a resolver knows", "that it is not committed", tail(trunk, undone))
                        .branch(Ink.DOUBT, "no answer: nobody knows", "whether the row is there", tail(trunk, doubtful))
                        .draw());
    }

    /** What happened, next to the rows that are really there. */
    private List<Step> run(Run run, long book, int rows) {
        List<Step> steps = run.of(book, database, database.simpleDataSource());
        assertThat(database.dsl().deleteFrom(REVIEW).execute()).isEqualTo(rows);
        return steps;
    }

    private List<Step> cut(Run run, long book, Fault fault, int rows) {
        try (TcpProxy proxy = TcpProxy.before(database)) {
            proxy.onNextCommit(fault);
            List<Step> steps = run.of(book, database, proxy.dataSource());
            assertThat(database.dsl().deleteFrom(REVIEW).execute()).isEqualTo(rows);
            return steps;
        }
    }

    private static List<Step> tail(List<Step> trunk, List<Step> steps) {
        assertThat(new ArrayList<>(steps)).startsWith(trunk.toArray(Step[]::new));
        return steps.subList(trunk.size(), steps.size());
    }
}
