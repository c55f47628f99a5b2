package dev.commithooks.engine.autocommit;

import dev.commithooks.engine.log.Recorded;
import dev.commithooks.engine.log.Write;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** The rows that a statement is to write, and those of them that it has written. */
final class ExpectedRows {

    private final List<Write> expected = new ArrayList<>(1);
    private final List<Recorded> written = new ArrayList<>(1);

    void expect(List<Write> writes) {
        expected.addAll(writes);
    }

    /** One of them was written, or what nobody had expected. */
    void written(Recorded recorded) {
        written.add(recorded);
    }

    List<Recorded> written() {
        return written;
    }

    /** The rows that the statement was to write and did not. */
    List<Write> notWritten() {
        if (written.size() >= expected.size() || written.isEmpty()) {
            return written.isEmpty() ? expected : List.of();
        }
        Set<Recorded> done = Collections.newSetFromMap(new IdentityHashMap<>());
        done.addAll(written); // the members of a batch are written as they were expected
        return expected.stream().filter(write -> !done.contains(write)).toList();
    }
}
