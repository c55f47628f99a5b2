package dev.commithooks.testing;

import java.util.ArrayList;
import java.util.List;

/**
 * The savepoints below the virtual transactions: one for each test nested in another, and on top the one that stands ready for
 * the next transaction. Made lazily, with the first statement.
 */
final class Levels {

    private static final String READY = VirtualTransaction.savepoint(0);

    private final List<TestTransaction> nested = new ArrayList<>();
    private boolean ready;

    /** What to send before a transaction of a test begins where none is open. */
    String begin(TestTransaction test, boolean anew) {
        List<TestTransaction> missing = missing(test);
        StringBuilder sql = new StringBuilder();
        if (ready && (anew || !missing.isEmpty())) {
            sql.append("release savepoint ").append(READY).append("; ");
        }
        for (int i = 0; i < missing.size(); i++) {
            sql.append("savepoint ").append(name(nested.size() + i)).append("; ");
        }
        if (!ready || anew || !missing.isEmpty()) {
            sql.append("savepoint ").append(READY).append("; ");
        }
        return sql.toString();
    }

    boolean isBegun() {
        return ready;
    }

    /** It was sent. */
    void begun(TestTransaction test) {
        nested.addAll(missing(test));
        ready = true;
    }

    /** The tests without a savepoint, the outer ones first; the outermost needs none. */
    private List<TestTransaction> missing(TestTransaction test) {
        List<TestTransaction> missing = new ArrayList<>();
        for (TestTransaction at = test; at != null && at.around() != null; at = at.around()) {
            if (!nested.contains(at)) {
                missing.add(0, at);
            }
        }
        return missing;
    }

    /** What to send to roll a nested test back; empty where it has sent nothing. */
    String end(TestTransaction test) {
        int index = nested.indexOf(test);
        if (index < 0) {
            return "";
        }
        nested.subList(index, nested.size()).clear();
        String name = name(index);
        return "rollback to savepoint " + name + "; release savepoint " + name + "; savepoint " + READY;
    }

    /** The outer transaction is gone. */
    void forget() {
        nested.clear();
        ready = false;
    }

    private static String name(int index) {
        return "commithooks_test_" + index;
    }
}
