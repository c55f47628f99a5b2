package dev.commithooks.engine.capture;

import dev.commithooks.engine.log.Write;
import java.sql.SQLException;
import java.util.List;

/** A captured statement that belongs to another object: to a batch, of which it is a chunk, or to DML that passes no record. */
final class StatementPart extends CapturedStatement {

    private final List<Write> expected;
    private final Recording recording;

    StatementPart(List<Write> expected, Recording recording) {
        this.expected = expected;
        this.recording = recording;
    }

    @Override
    List<Write> expected() {
        return expected;
    }

    @Override
    boolean needsOldRows() {
        return DatabaseRows.areWantedFor(expected);
    }

    @Override
    void record() throws SQLException {
        recording.record();
    }
}
