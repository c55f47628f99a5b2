package dev.commithooks.testing;

import java.util.Arrays;
import java.util.List;

/**
 * Where in the application something happened, by the stack of a thread.
 *
 * @param thread the thread's name
 * @param frames the stack, without the frames of drivers, pools, jOOQ and this library
 */
record Place(String thread, List<StackTraceElement> frames) {

    private static final List<String> NOT_THE_APPLICATION = List.of(
            "dev.commithooks.testing.",
            "dev.commithooks.engine.",
            "dev.commithooks.TransactionS",
            "dev.commithooks.Transactions",
            "org.jooq.",
            "com.zaxxer.hikari.",
            "org.springframework.",
            "java.lang.",
            "java.util.",
            "jdk.");

    static Place here() {
        return of(Thread.currentThread());
    }

    static Place of(Thread thread) {
        return new Place(
                thread.getName(),
                Arrays.stream(thread.getStackTrace())
                        .filter(frame -> NOT_THE_APPLICATION.stream()
                                .noneMatch(prefix -> frame.getClassName().startsWith(prefix)))
                        .toList());
    }

    /** The first frame; the first of a generated proxy's class is none. */
    @Override
    public String toString() {
        return frames.stream()
                .filter(frame -> frame.getLineNumber() > 0)
                .findFirst()
                .map(Object::toString)
                .orElse("an unknown place");
    }

    String trace() {
        StringBuilder trace = new StringBuilder("thread ").append(thread);
        frames.stream().limit(12).forEach(frame -> trace.append("\n      at ").append(frame));
        return trace.toString();
    }
}
