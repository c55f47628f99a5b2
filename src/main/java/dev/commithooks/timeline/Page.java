package dev.commithooks.timeline;

import dev.commithooks.timeline.Entry.Kind;
import java.util.List;
import java.util.Locale;

/** The page of HTML. Nothing gets into it but escaped. */
final class Page {

    private static final String HEAD = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <title>Transactions</title>
            <style>
            :root { color-scheme: light dark; --text: #1c2128; --muted: #59636e; --line: #d1d9e0; --back: #ffffff;
              --good: #1a7f37; --bad: #cf222e; --statement: #4c78a8; --hook: #8250df; }
            @media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --muted: #9198a1; --line: #3d444d; --back: #0d1117;
              --good: #3fb950; --bad: #f85149; --statement: #79b8ff; --hook: #c297ff; } }
            body { margin: 2rem auto; max-width: 72rem; padding: 0 1rem; color: var(--text); background: var(--back);
              font: 14px/1.5 system-ui, sans-serif; }
            ol { list-style: none; margin: 0; padding: 0 0 0 1.1rem; border-left: 1px solid var(--line); }
            body > ol { padding: 0; border: 0; }
            body > ol > li { margin-bottom: 2rem; }
            .entry { display: grid; grid-template-columns: minmax(0, 1fr) 6rem; gap: 0 1rem; padding: .15rem 0; }
            .text { overflow-wrap: anywhere; }
            .time { text-align: right; color: var(--muted); font-variant-numeric: tabular-nums; }
            .bar { grid-column: 1 / -1; height: 3px; background: var(--line); border-radius: 2px; }
            .bar i { display: block; height: 3px; min-width: 2px; border-radius: 2px; background: var(--muted); }
            .statement .text { font-family: ui-monospace, monospace; }
            .statement > .entry i { background: var(--statement); }
            .hook > .entry .text { color: var(--hook); }
            .hook > .entry i { background: var(--hook); }
            .transaction > .entry .text { font-weight: 600; }
            .boundary > .entry { color: var(--muted); }
            .ending { color: var(--good); font-weight: 400; }
            .failed > .entry .ending { color: var(--bad); }
            .detail { color: var(--muted); font-weight: 400; display: block; }
            </style>
            </head>
            <body>
            """;

    private final List<Entry> transactions;
    private final StringBuilder out = new StringBuilder(HEAD);

    Page(List<Entry> transactions) {
        this.transactions = transactions;
    }

    String html() {
        out.append("<h1>").append(transactions.size());
        out.append(transactions.size() == 1 ? " transaction</h1>\n<ol>\n" : " transactions</h1>\n<ol>\n");
        transactions.forEach(transaction -> entry(transaction, transaction));
        return out.append("</ol>\n</body>\n</html>\n").toString();
    }

    private void entry(Entry entry, Entry whole) {
        out.append("<li class=\"").append(entry.kind().name().toLowerCase(Locale.ROOT));
        out.append(entry.failed() ? " failed" : "").append("\"><div class=\"entry\"><span class=\"text\">");
        out.append(escaped(entry.text()));
        if (!entry.ending().isEmpty()) {
            out.append(" <span class=\"ending\">")
                    .append(escaped(entry.ending()))
                    .append("</span>");
        }
        entry.details()
                .forEach(detail -> out.append("<span class=\"detail\">")
                        .append(escaped(detail))
                        .append("</span>"));
        out.append("</span>");
        if (entry.kind() != Kind.BOUNDARY && entry.kind() != Kind.NOTE) {
            time(entry, whole);
        }
        out.append("</div>");
        if (!entry.within().isEmpty()) {
            out.append("\n<ol>\n");
            entry.within().forEach(inner -> entry(inner, whole));
            out.append("</ol>");
        }
        out.append("</li>\n");
    }

    private void time(Entry entry, Entry whole) {
        double length = Math.max(1, whole.end() - whole.begin());
        out.append(String.format(
                Locale.ROOT,
                "<span class=\"time\">%.2f ms</span><div class=\"bar\"><i style=\"margin-left:%.2f%%;width:%.2f%%\"></i></div>",
                (entry.end() - entry.begin()) / 1e6,
                100 * (entry.begin() - whole.begin()) / length,
                100 * (entry.end() - entry.begin()) / length));
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        text.codePoints().forEach(character -> {
            switch (character) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.appendCodePoint(Character.isISOControl(character) ? ' ' : character);
            }
        });
        return escaped.toString();
    }
}
