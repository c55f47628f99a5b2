package dev.commithooks.pictures;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A picture while it is drawn. It has a ground of its own, so that it can be read on any page; its colours follow the reader's scheme.
 * The same calls make the same text, whatever fonts the machine has.
 */
public final class Svg {

    /** How far a line of text is from the next. */
    public static final int LINE = 18;

    private static final int PILL = 24;
    private static final String HEAD = """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %2$d" width="%1$d" height="%2$d" role="img">
            <title>%3$s</title>
            <desc>%4$s</desc>
            <style>
            :root{%5$s--ground:#ffffff}
            @media (prefers-color-scheme:dark){:root{%6$s--ground:#0d1117}}
            text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
            .title{font-size:16px;font-weight:600}.strong{font-weight:600}.end{text-anchor:end}.middle{text-anchor:middle}
            .code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:11px}
            %7$s
            rect.pill{fill-opacity:.12}rect.hollow{fill:none;stroke-dasharray:4 3}.rule{fill:none;stroke-width:1.25}
            </style>
            <rect width="%1$d" height="%2$d" rx="6" fill="var(--ground)"/>
            """;

    private final int width;
    private final int height;
    private final StringBuilder out = new StringBuilder();

    /** An empty picture with its title at the top left, and with words for those who cannot see it. */
    public Svg(int width, int height, String title, String description) {
        this.width = width;
        this.height = height;
        out.append(String.format(
                Locale.ROOT,
                HEAD,
                width,
                height,
                escaped(title),
                escaped(description),
                rules(false),
                rules(true),
                Arrays.stream(Ink.values()).map(Svg::classes).collect(Collectors.joining("\n"))));
        text(16, 28, Ink.TEXT, "title", title);
    }

    private static String rules(boolean inDark) {
        return Arrays.stream(Ink.values()).map(ink -> ink.rule(inDark)).collect(Collectors.joining());
    }

    private static String classes(Ink ink) {
        String name = ink.style();
        return "text." + name + "{fill:var(--" + name + ")}rect." + name + "{fill:var(--" + name + ");stroke:var(--"
                + name + ")}path." + name + "{stroke:var(--" + name + ")}";
    }

    /** A line of text from this point, which is on its base line. Classes are {@code strong}, {@code code}, {@code end} and {@code middle}. */
    public Svg text(int x, int y, Ink ink, String classes, String text) {
        out.append(String.format(
                Locale.ROOT,
                "<text x=\"%d\" y=\"%d\" class=\"%s\">%s</text>%n",
                x,
                y,
                (ink.style() + " " + classes).strip(),
                escaped(text)));
        return this;
    }

    /** A pill with words in it, its left edge here and its middle at this height. Returns where its right edge is. */
    public int pill(int x, int middle, Ink ink, String text) {
        return pill(x, middle, ink, "pill", text);
    }

    /** A pill that is missing: dashed, without a ground. */
    public int hollow(int x, int middle, Ink ink, String text) {
        return pill(x, middle, ink, "hollow", text);
    }

    private int pill(int x, int middle, Ink ink, String kind, String text) {
        int length = widthOf(text);
        box(x, middle - PILL / 2, length, PILL, ink, kind);
        text(x + length / 2, middle + 4, ink, "middle", text);
        return x + length;
    }

    /** How wide a pill with this text is; no common font needs more. */
    public static int widthOf(String text) {
        double width = 16;
        for (char letter : text.toCharArray()) {
            width += "iljtfrI.,:;'| ()".indexOf(letter) >= 0 ? 4.6 : Character.isUpperCase(letter) ? 8.3 : 7.3;
        }
        return (int) width;
    }

    /** A rectangle with round corners. Classes are {@code pill}, {@code hollow}, or none for a solid one. */
    public Svg box(double x, double y, double length, double high, Ink ink, String classes) {
        out.append(String.format(
                Locale.ROOT,
                "<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" rx=\"%s\" class=\"%s\"/>%n",
                number(x),
                number(y),
                number(length),
                number(high),
                number(Math.min(4, high / 2)),
                (ink.style() + " " + classes).strip()));
        return this;
    }

    /** Lines through these points, given as {@code M 0 0 H 20}. */
    public Svg path(Ink ink, String points) {
        out.append(String.format(Locale.ROOT, "<path d=\"%s\" class=\"%s rule\"/>%n", points, ink.style()));
        return this;
    }

    /** An arrow to the right. */
    public Svg arrow(int from, int to, int y) {
        return path(Ink.MUTED, "M " + from + " " + y + " H " + to + " m -4 -3 l 4 3 l -4 3");
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value).replaceFirst("\\.0$", "");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    /** The picture's text. */
    @Override
    public String toString() {
        return out + "</svg>\n";
    }
}
