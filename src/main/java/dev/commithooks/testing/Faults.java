package dev.commithooks.testing;

import dev.commithooks.transaction.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Faults ordered for a test, each to happen once, to see what hooks make of them. They come from the real server wherever a server
 * can make them. One that has not happened by the end of the test fails it. Thread-safe.
 *
 * <p>A commit is that of a transaction that sent a statement; the one of a single statement in autocommit mode is none.
 */
public final class Faults {

    /** Something to happen at a commit. */
    sealed interface AtCommit permits Refusal, LostAnswer, Freeze {}

    record Refusal(String sqlState) implements AtCommit {
        @Override
        public String toString() {
            return "failNextCommit(" + sqlState + ")";
        }
    }

    record LostAnswer(Outcome outcome) implements AtCommit {
        @Override
        public String toString() {
            return "loseTheAnswerOfTheNextCommit(" + outcome + ")";
        }
    }

    record Freeze(FrozenCommit commit) implements AtCommit {
        @Override
        public String toString() {
            return commit.toString();
        }
    }

    /** Something to happen to a statement. */
    record AtStatement(String text, String sqlState) {
        boolean matches(String sql) {
            return sql.toLowerCase(Locale.ROOT).contains(text.toLowerCase(Locale.ROOT));
        }

        @Override
        public String toString() {
            return "failStatement(" + text + ", " + sqlState + ")";
        }
    }

    private final List<AtCommit> commits = new ArrayList<>();
    private final List<AtStatement> statements = new ArrayList<>();
    private boolean cut;

    Faults() {}

    /**
     * The next COMMIT fails with an error of the server's: a refusal with {@code 23503}, {@code 40001} and the like, in doubt with
     * {@code 08006}, {@code 57P01} (an administrator has terminated the session) or {@code 58030} (the disk has failed), which end
     * the connection too. The transaction is rolled back. Ordered twice, the next two fail.
     */
    public synchronized void failNextCommit(String sqlState) {
        commits.add(new Refusal(checked(sqlState)));
    }

    /**
     * The next COMMIT is carried out, or not, and its answer is lost with the connection. Whether it is committed can be asked of
     * {@link dev.commithooks.spi.ConnectionState#commitInquiry()}.
     *
     * @throws IllegalArgumentException for {@link Outcome#UNKNOWN}: it has to be one or the other
     */
    public synchronized void loseTheAnswerOfTheNextCommit(Outcome outcome) {
        if (outcome == Outcome.UNKNOWN) {
            throw new IllegalArgumentException("A commit whose answer is lost is COMMITTED or ROLLED_BACK; it is the"
                    + " application that does not know");
        }
        commits.add(new LostAnswer(outcome));
    }

    /**
     * The next COMMIT is carried out, and gets no answer until it is released; a connection with a network timeout
     * ({@link java.sql.Connection#setNetworkTimeout}) does not wait longer than that. The other connections of the test work meanwhile.
     *
     * @return what to release
     */
    public synchronized FrozenCommit freezeNextCommit() {
        FrozenCommit frozen = new FrozenCommit();
        commits.add(new Freeze(frozen));
        return frozen;
    }

    /**
     * The next statement whose SQL contains the text, in any case, is not executed: the server answers with an error in its place.
     * With {@code 08006}, {@code 57P01} and the like, the connection is lost too.
     */
    public synchronized void failStatement(String containing, String sqlState) {
        statements.add(new AtStatement(Objects.requireNonNull(containing, "containing"), checked(sqlState)));
    }

    /** The connection that executes the next statement, or commits next, is lost before it is sent; what it had begun is rolled back. */
    public synchronized void cutConnection() {
        cut = true;
    }

    private static String checked(String sqlState) {
        if (!sqlState.matches("[0-9A-Z]{5}") || sqlState.startsWith("00")) {
            throw new IllegalArgumentException(
                    "'" + sqlState + "' is no SQLState of an error: five digits or capital letters");
        }
        return sqlState;
    }

    synchronized Optional<AtCommit> takeForCommit() {
        return commits.isEmpty() ? Optional.empty() : Optional.of(commits.remove(0));
    }

    synchronized Optional<AtStatement> takeFor(String sql) {
        Optional<AtStatement> found =
                statements.stream().filter(fault -> fault.matches(sql)).findFirst();
        found.ifPresent(statements::remove);
        return found;
    }

    synchronized boolean takeCut() {
        boolean taken = cut;
        cut = false;
        return taken;
    }

    synchronized List<String> unused() {
        List<String> unused = new ArrayList<>();
        commits.forEach(fault -> unused.add(fault.toString()));
        statements.forEach(fault -> unused.add(fault.toString()));
        if (cut) {
            unused.add("cutConnection()");
        }
        return unused;
    }

    /** Whether such an answer is the last on its connection: a server whose disk fails at COMMIT (58030) panics. */
    static boolean endsConnection(@Nullable String sqlState) {
        return sqlState != null
                && (sqlState.startsWith("08") || sqlState.startsWith("57P") || sqlState.equals("58030"));
    }
}
