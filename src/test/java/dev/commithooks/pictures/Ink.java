package dev.commithooks.pictures;

import java.util.Locale;

/** The colours of pictures by what they mean, each for light and for dark pages. */
public enum Ink {
    /** Words to read, and what the caller does. */
    TEXT("#1c2128", "#e6edf3"),
    /** Words beside the point. */
    MUTED("#59636e", "#9198a1"),
    /** Lines and grids. */
    LINE("#d1d9e0", "#3d444d"),
    /** Statements, and the database. */
    SQL("#0b5cad", "#79b8ff"),
    /** Hooks. */
    HOOK("#8250df", "#c297ff"),
    /** Committed, released, true. */
    GOOD("#1a7f37", "#3fb950"),
    /** Rolled back, refused, a lie. */
    BAD("#cf222e", "#f85149"),
    /** In doubt. */
    DOUBT("#9a6700", "#d29922");

    private final String light;
    private final String dark;

    Ink(String light, String dark) {
        this.light = light;
        this.dark = dark;
    }

    /** The class of what is drawn in it. */
    String style() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The rule of the style sheet that declares it. */
    String rule(boolean inDark) {
        return "--" + style() + ":" + (inDark ? dark : light) + ";";
    }
}
