package dev.commithooks.timeline;

import dev.commithooks.pictures.Ink;
import dev.commithooks.pictures.Svg;
import dev.commithooks.timeline.Entry.Kind;
import java.util.ArrayList;
import java.util.List;

/** A transaction's entries in the order of what happened: each step is as wide as any other, however long it took. */
final class TimelinePicture {

    private static final int WIDTH = 896;
    private static final int BARS = 590;
    private static final int TOP = 62;
    private static final int ROW = 23;
    private static final int INDENT = 18;

    /** An entry as a line: how deep it stands, and its first and last step. */
    private record Line(Entry entry, int level, int first, int last) {}

    private final List<Line> lines = new ArrayList<>();
    private int steps;

    TimelinePicture(Entry transaction) {
        add(transaction, 0);
    }

    private void add(Entry entry, int level) {
        int at = lines.size();
        int first = steps++;
        lines.add(new Line(entry, level, first, first));
        entry.within().forEach(inner -> add(inner, level + 1));
        boolean isLong = entry.kind() == Kind.TRANSACTION || entry.kind() == Kind.SAVEPOINT;
        lines.set(at, new Line(entry, level, first, isLong ? steps++ : steps - 1));
    }

    Svg draw() {
        Svg svg = new Svg(
                WIDTH,
                TOP + lines.size() * ROW + 4,
                "A transaction with two savepoints, as its timeline tells it",
                words());
        double step = (double) (WIDTH - 16 - BARS) / steps;
        for (int i = 0; i < lines.size(); i++) {
            line(svg, lines.get(i), TOP + i * ROW, step);
        }
        return svg;
    }

    private static void line(Svg svg, Line line, int y, double step) {
        Entry entry = line.entry();
        int x = 16 + line.level() * INDENT;
        Ink ink = ink(entry);
        svg.text(x, y, ink, classes(entry), shortened(entry.text()));
        svg.text(BARS - 14, y, entry.failed() ? Ink.BAD : Ink.GOOD, "end", entry.ending());
        double from = BARS + line.first() * step;
        double to = BARS + (line.last() + 1) * step;
        boolean isTree = entry.kind() == Kind.TRANSACTION || entry.kind() == Kind.SAVEPOINT;
        Ink bar = isTree ? (entry.failed() ? Ink.BAD : Ink.GOOD) : ink;
        svg.box(from + 1, y - 11, to - from - 2, 14, bar, isTree ? "pill" : "");
        svg.path(Ink.LINE, "M 16 " + (y + 6) + " H " + (WIDTH - 16));
    }

    private static Ink ink(Entry entry) {
        return switch (entry.kind()) {
            case TRANSACTION, SAVEPOINT -> Ink.TEXT;
            case STATEMENT -> Ink.SQL;
            case HOOK -> Ink.HOOK;
            case BOUNDARY, NOTE -> Ink.MUTED;
        };
    }

    private static String classes(Entry entry) {
        return switch (entry.kind()) {
            case TRANSACTION -> "strong";
            case STATEMENT -> "code";
            default -> "";
        };
    }

    /** A statement without its columns. */
    private static String shortened(String text) {
        return text.replaceFirst("^(insert into [\\w.\"]+|update [\\w.\"]+|delete from [\\w.\"]+) .*", "$1 ..")
                .replace("\"", "");
    }

    private String words() {
        List<String> words = new ArrayList<>();
        lines.forEach(line ->
                words.add((shortened(line.entry().text()) + " " + line.entry().ending()).strip()));
        return String.join("; ", words);
    }
}
