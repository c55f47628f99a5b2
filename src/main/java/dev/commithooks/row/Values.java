package dev.commithooks.row;

import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.Calendar;
import java.util.Date;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Copies and texts of single values. */
public final class Values {

    private Values() {}

    /** A value that nobody else can alter: arrays, to any depth, and dates of before {@code java.time} are copied. */
    @SuppressWarnings("JavaUtilDate") // columns may be of such types
    public static @Nullable Object copyOf(@Nullable Object value) {
        if (value == null || !value.getClass().isArray()) {
            return value instanceof Date date
                    ? date.clone()
                    : value instanceof Calendar calendar ? calendar.clone() : value;
        }
        int length = Array.getLength(value);
        Object copy = Array.newInstance(value.getClass().getComponentType(), length);
        if (value instanceof Object[] objects) {
            for (int i = 0; i < length; i++) {
                Array.set(copy, i, copyOf(objects[i]));
            }
        } else {
            System.arraycopy(value, 0, copy, 0, length);
        }
        return copy;
    }

    /** A value as text; a type of the user's that throws when it is to be printed breaks nothing. */
    public static String text(@Nullable Object value) {
        try {
            String text = Arrays.deepToString(new Object[] {value});
            return text.substring(1, text.length() - 1);
        } catch (RuntimeException e) {
            return "an unprintable " + Objects.requireNonNull(value).getClass().getSimpleName();
        }
    }
}
