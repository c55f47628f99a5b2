package dev.commithooks.pictures;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The situations of a table: what each of two listeners was told, next to the rows that are there. */
final class SituationsPicture {

    private static final int WIDTH = 896;
    private static final int ROWS = 258;
    private static final int LISTENER = 346;
    private static final int HOOK = 652;
    private static final int TOP = 84;
    private static final int LETTERS = 32;
    private static final int GAP = 4;
    private static final int PAD = 14;
    private static final int LINE = 16;

    /** A cell of the table: {@code after ann; rows: ann; caller: ok}. */
    private record Told(List<String> events, List<String> rows) {

        static Told of(String cell) {
            String[] parts = cell.split("; (rows|caller): ");
            return new Told(list(parts[0], "nothing"), list(parts[1], "none"));
        }

        private static List<String> list(String names, String none) {
            return names.equals(none) ? List.of() : Arrays.asList(names.split(", "));
        }

        /** Somebody whose row is there, and of whom nothing was said. */
        List<String> unheardOf() {
            return rows.stream()
                    .filter(row -> events.stream().noneMatch(event -> event.endsWith(" " + row)))
                    .toList();
        }

        Ink ink(String event) {
            if (event.startsWith("in doubt")) {
                return Ink.DOUBT;
            }
            boolean saysItIsThere = event.startsWith("after") || event.startsWith("AFTER_COMMIT");
            boolean isThere = rows.stream().anyMatch(row -> event.endsWith(" " + row));
            return saysItIsThere == isThere ? Ink.GOOD : Ink.BAD;
        }
    }

    private final List<List<String>> table;

    SituationsPicture(List<List<String>> table) {
        this.table = table;
    }

    Svg draw() {
        Svg svg = new Svg(WIDTH, TOP + heights() + 4, "What is told, and what is in the database", words());
        svg.text(16, 48, Ink.GOOD, "", "green: true");
        svg.text(
                92,
                48,
                Ink.BAD,
                "",
                "red: told of a row that is not there, not told of one that is, or not able to write one");
        svg.text(ROWS, TOP - 12, Ink.TEXT, "strong", "rows");
        svg.text(LISTENER, TOP - 12, Ink.TEXT, "strong", "@TransactionalEventListener");
        svg.text(HOOK, TOP - 12, Ink.TEXT, "strong", "hook");
        int y = TOP;
        for (List<String> row : table) {
            situation(svg, row, y);
            y += height(row);
        }
        return svg;
    }

    private int heights() {
        return table.stream().mapToInt(SituationsPicture::height).sum();
    }

    /** At least that of two lines. */
    private static int height(List<String> row) {
        return Math.max(2, wrapped(row.get(0)).size()) * LINE + PAD;
    }

    private static void situation(Svg svg, List<String> row, int top) {
        svg.path(Ink.LINE, "M 16 " + top + " H " + (WIDTH - 16));
        int middle = top + height(row) / 2;
        List<String> lines = wrapped(row.get(0));
        int base = middle + 4 - (lines.size() - 1) * LINE / 2;
        for (int i = 0; i < lines.size(); i++) {
            svg.text(16, base + i * LINE, Ink.TEXT, "", lines.get(i));
        }
        Told hook = Told.of(row.get(2));
        svg.text(ROWS, middle + 4, Ink.SQL, "", hook.rows().isEmpty() ? "none" : String.join(", ", hook.rows()));
        Told listener = Told.of(row.get(1));
        int x = cell(svg, LISTENER, middle, listener);
        for (String name : hook.rows()) {
            if (!listener.rows().contains(name)) {
                x = svg.hollow(x, middle, Ink.BAD, name + " is not written") + GAP;
            }
        }
        cell(svg, HOOK, middle, hook);
    }

    private static int cell(Svg svg, int from, int y, Told told) {
        int x = from;
        for (String event : told.events()) {
            x = svg.pill(x, y, told.ink(event), event) + GAP;
        }
        for (String row : told.unheardOf()) {
            x = svg.hollow(x, y, Ink.BAD, "not told of " + row) + GAP;
        }
        if (told.events().isEmpty() && told.rows().isEmpty()) {
            x = svg.hollow(x, y, Ink.MUTED, "nothing") + GAP;
        }
        return x;
    }

    private static List<String> wrapped(String words) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : words.split(" ")) {
            if (line.length() + word.length() > LETTERS) {
                lines.add(line.toString().strip());
                line.setLength(0);
            }
            line.append(word).append(' ');
        }
        lines.add(line.toString().strip());
        return lines;
    }

    private String words() {
        return String.join(
                " ",
                table.stream()
                        .map(row -> "If " + row.get(0) + ", the listener: " + row.get(1) + ". The hook: " + row.get(2)
                                + ".")
                        .toList());
    }
}
