package dev.commithooks.engine.log;

/** What one statement did, as it stands in the log: a row that it wrote, or the summary of very many. */
public sealed interface Recorded extends LogItem, Effect permits Write, Summary {

    /** Gives it its place in the log. */
    void loggedAt(int place);
}
