package dev.commithooks.pictures;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What hooks add to an inserted row, as two bars for each stack. */
public final class CostPicture {

    private static final Pattern COST = Pattern.compile("([-+][\\d,]+) B, ([-+][\\d,]+) ns .*");
    private static final int WIDTH = 896;
    private static final int BYTES = 440;
    private static final int NANOS = 680;
    private static final int BAR = 150;
    private static final int TOP = 90;
    private static final int ROW = 24;

    private record Row(String stack, int bytes, int nanos) {}

    private final List<Row> rows;

    private CostPicture(List<Row> rows) {
        this.rows = rows;
    }

    /** The picture of the table of pairs: of stacks that are compared with a library's own, not with the floor. */
    public static CostPicture of(List<List<String>> table) {
        List<Row> rows = new ArrayList<>();
        for (List<String> row : table) {
            Matcher insert = COST.matcher(row.get(2));
            if (!row.get(1).equals("the floor") && !row.get(0).contains("A/A") && insert.matches()) {
                rows.add(new Row(row.get(0), number(insert.group(1)), number(insert.group(2))));
            }
        }
        return new CostPicture(rows);
    }

    private static int number(String text) {
        return Integer.parseInt(text.replace(",", ""));
    }

    public Svg draw() {
        Svg svg = new Svg(WIDTH, TOP + rows.size() * ROW + 8, "What hooks add to an inserted row", words());
        svg.text(16, 48, Ink.MUTED, "", "over the same stack without hooks, without I/O, in transactions of 100 rows");
        svg.text(BYTES, TOP - 16, Ink.TEXT, "strong", "bytes allocated");
        svg.text(NANOS, TOP - 16, Ink.TEXT, "strong", "nanoseconds of CPU");
        int mostBytes = rows.stream().mapToInt(Row::bytes).max().orElse(1);
        int mostNanos = rows.stream().mapToInt(Row::nanos).max().orElse(1);
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            int y = TOP + i * ROW;
            String weight = row.stack().startsWith("jooq-commit-hooks") ? " strong" : "";
            svg.text(BYTES - 14, y + 12, Ink.TEXT, "end" + weight, row.stack());
            bar(svg, BYTES, y, row.bytes(), mostBytes, Ink.SQL);
            bar(svg, NANOS, y, row.nanos(), mostNanos, Ink.HOOK);
        }
        return svg;
    }

    private static void bar(Svg svg, int x, int y, int value, int most, Ink ink) {
        double length = Math.max(1.0, (double) BAR * value / most);
        svg.box(x, y, length, 16, ink, "");
        svg.text(x + (int) length + 6, y + 12, Ink.TEXT, "", String.format(Locale.ROOT, "%,d", value));
    }

    private String words() {
        return String.join(
                "; ",
                rows.stream()
                        .map(row ->
                                String.format(Locale.ROOT, "%s: %,d B, %,d ns", row.stack(), row.bytes(), row.nanos()))
                        .toList());
    }
}
