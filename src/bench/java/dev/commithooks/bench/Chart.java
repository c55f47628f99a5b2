package dev.commithooks.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Two bars for each stack, as SVG. */
final class Chart {

    private static final List<String> HEADINGS = List.of("bytes", "ns of CPU");
    private static final List<String> COLOURS = List.of("#4c78a8", "#72b7b2");
    private static final int LABEL = 440;
    private static final int PANEL = 190;
    private static final int BAR = 120;
    private static final int LINE = 24;
    private static final int TOP = 76;

    private record Row(String label, double[] values) {}

    private final String title;
    private final String subtitle;
    private final List<Row> rows = new ArrayList<>();

    Chart(String title, String subtitle) {
        this.title = title;
        this.subtitle = subtitle;
    }

    void row(String label, double bytes, double nanos) {
        rows.add(new Row(label, new double[] {bytes, nanos}));
    }

    String svg() {
        int width = LABEL + HEADINGS.size() * PANEL;
        int height = TOP + rows.size() * LINE + 12;
        StringBuilder svg = new StringBuilder();
        svg.append(String.format(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">%n",
                width, height));
        svg.append(String.format("<rect width=\"%d\" height=\"%d\" fill=\"white\"/>%n", width, height));
        svg.append(text(12, 24, "start\" font-size=\"16\" font-weight=\"bold", title));
        svg.append(text(12, 44, "start\" fill=\"#666", subtitle));
        for (int panel = 0; panel < HEADINGS.size(); panel++) {
            svg.append(text(LABEL + panel * PANEL, TOP - 10, "start\" font-weight=\"bold", HEADINGS.get(panel)));
        }
        for (int i = 0; i < rows.size(); i++) {
            int y = TOP + i * LINE;
            boolean ours = rows.get(i).label().startsWith("jooq-commit-hooks");
            svg.append(text(
                    LABEL - 12,
                    y + 14,
                    ours ? "end\" font-weight=\"bold" : "end",
                    rows.get(i).label()));
            for (int panel = 0; panel < HEADINGS.size(); panel++) {
                double value = rows.get(i).values()[panel];
                int x = LABEL + panel * PANEL;
                double length = Math.max(1, BAR * value / largest(panel));
                svg.append(String.format(
                        Locale.ROOT,
                        "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>%n",
                        x,
                        y + 2,
                        length,
                        LINE - 8,
                        COLOURS.get(panel)));
                String number = String.format(Locale.ROOT, "%,.0f", value);
                svg.append(text(x + (int) length + 5, y + 14, "start", number));
            }
        }
        return svg.append("</svg>\n").toString();
    }

    private double largest(int panel) {
        return rows.stream().mapToDouble(row -> row.values()[panel]).max().orElse(1);
    }

    private static String text(int x, int y, String attributes, String content) {
        return String.format(
                "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\">%s</text>%n",
                x, y, attributes, content.replace("&", "&amp;").replace("<", "&lt;"));
    }
}
