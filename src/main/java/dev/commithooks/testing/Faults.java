package dev.commithooks.testing;

import dev.commithooks.transaction.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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

    record Freeze(FrozenCall call) implements AtCommit {
        @Override
        public String toString() {
            return call.toString();
        }
    }

    /** Something to happen to a statement with a text in it. */
    private record AtStatement<F>(String text, F fault) {
        boolean matches(String sql) {
            return sql.toLowerCase(Locale.ROOT).contains(text.toLowerCase(Locale.ROOT));
        }
    }

    /** An error in a statement's place. */
    record Failure(String text, String sqlState) {
        @Override
        public String toString() {
            return "failStatement(" + text + ", " + sqlState + ")";
        }
    }

    private final List<AtCommit> commits = new ArrayList<>();
    private final List<AtStatement<Failure>> failures = new ArrayList<>();
    private final List<AtStatement<FrozenCall>> freezes = new ArrayList<>();
    private final List<FrozenCall> frozen = new ArrayList<>();
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
     * The next COMMIT is carried out, and gets no answer until it is released. A connection with a network timeout
     * ({@link java.sql.Connection#setNetworkTimeout}) does not wait longer than that; it is lost then, like that of a thread that
     * is interrupted, and the commit is in doubt. The other connections of the test work meanwhile.
     *
     * @return what to release
     */
    public synchronized FrozenCall freezeNextCommit() {
        FrozenCall call = new FrozenCall("freezeNextCommit()");
        frozen.add(call);
        commits.add(new Freeze(call));
        return call;
    }

    /**
     * The next statement whose SQL contains the text, in any case, stands still before it is executed, as behind another's lock.
     * Released, it is executed. After its query timeout ({@link java.sql.Statement#setQueryTimeout}), or by
     * {@link java.sql.Statement#cancel}, the server answers with the error that it has for it. After the connection's network timeout,
     * or where the thread is interrupted, the connection is lost, and what it had begun is rolled back.
     *
     * <p>In a transaction that has begun, it keeps the other connections of the test waiting, as every open transaction does.
     *
     * @return what to release
     */
    public synchronized FrozenCall freezeStatement(String containing) {
        FrozenCall call = new FrozenCall("freezeStatement(" + containing + ")");
        frozen.add(call);
        freezes.add(new AtStatement<>(containing, call));
        return call;
    }

    /**
     * The next statement whose SQL contains the text, in any case, is not executed: the server answers with an error in its place.
     * With {@code 08006}, {@code 57P01} and the like, the connection is lost too.
     */
    public synchronized void failStatement(String containing, String sqlState) {
        failures.add(new AtStatement<>(containing, new Failure(containing, checked(sqlState))));
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

    synchronized Optional<Failure> takeFailure(String sql) {
        return take(failures, sql);
    }

    synchronized Optional<FrozenCall> takeFreeze(String sql) {
        return take(freezes, sql);
    }

    private static <F> Optional<F> take(List<AtStatement<F>> from, String sql) {
        for (AtStatement<F> ordered : from) {
            if (ordered.matches(sql)) {
                from.remove(ordered);
                return Optional.of(ordered.fault());
            }
        }
        return Optional.empty();
    }

    /** Lets go, at the end of the test, whoever still stands still, without a connection; gives their faults. */
    synchronized List<FrozenCall> endStandstills() {
        List<FrozenCall> waiting = frozen.stream().filter(FrozenCall::isWaiting).toList();
        frozen.forEach(call -> call.end(FrozenCall.End.LOST));
        return waiting;
    }

    synchronized boolean takeCut() {
        boolean taken = cut;
        cut = false;
        return taken;
    }

    synchronized List<String> unused() {
        List<String> unused = new ArrayList<>();
        commits.forEach(fault -> unused.add(fault.toString()));
        failures.forEach(ordered -> unused.add(ordered.fault().toString()));
        freezes.forEach(ordered -> unused.add(ordered.fault().toString()));
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
