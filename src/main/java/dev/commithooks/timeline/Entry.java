package dev.commithooks.timeline;

import java.util.ArrayList;
import java.util.List;

/** One line of a timeline, and the lines within it. Written by the transaction's thread until the transaction has ended. */
final class Entry {

    /** What a line is of. */
    enum Kind {
        TRANSACTION,
        SAVEPOINT,
        STATEMENT,
        BOUNDARY,
        HOOK,
        NOTE
    }

    private final Kind kind;
    private final int depth;
    private final long begin;
    private final List<Entry> within = new ArrayList<>();
    private final List<String> details = new ArrayList<>();
    private String text;
    private String ending = "";
    private boolean failed;
    private long end;

    Entry(Kind kind, int depth, String text, long now) {
        this.kind = kind;
        this.depth = depth;
        this.text = text;
        this.begin = now;
        this.end = now;
    }

    Kind kind() {
        return kind;
    }

    int depth() {
        return depth;
    }

    String text() {
        return text;
    }

    String ending() {
        return ending;
    }

    boolean failed() {
        return failed;
    }

    long begin() {
        return begin;
    }

    long end() {
        return end;
    }

    List<Entry> within() {
        return within;
    }

    List<String> details() {
        return details;
    }

    void fail(String how) {
        failed = true;
        ending = how;
    }

    void endAs(String how) {
        ending = how;
    }

    void endAt(long now) {
        end = now;
    }
}
