package dev.commithooks.engine.sql;

/**
 * The escapes in an identifier of SQL that begins with {@code U&}: a backslash with four hexadecimal digits, with a plus and six, or
 * with another backslash.
 */
final class UnicodeEscapes {

    private UnicodeEscapes() {}

    /** The identifier meant. What is no valid escape stays as it is: the server refuses it. */
    static String decode(String text, char escape) {
        StringBuilder decoded = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c != escape) {
                decoded.append(c);
                at++;
            } else if (at + 1 < text.length() && text.charAt(at + 1) == escape) {
                decoded.append(escape);
                at += 2;
            } else {
                at = codePoint(text, at, decoded);
            }
        }
        return decoded.toString();
    }

    private static int codePoint(String text, int at, StringBuilder into) {
        boolean isLong = text.startsWith("+", at + 1);
        int start = at + (isLong ? 2 : 1);
        int end = start + (isLong ? 6 : 4);
        try {
            into.appendCodePoint(Integer.parseInt(text, start, end, 16));
            return end;
        } catch (IndexOutOfBoundsException | IllegalArgumentException invalid) {
            into.append(text.charAt(at));
            return at + 1;
        }
    }
}
