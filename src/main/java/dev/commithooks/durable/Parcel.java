package dev.commithooks.durable;

import dev.commithooks.durable.Json.Digits;
import dev.commithooks.transaction.TransactionInfo;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one hook is to be called with for one transaction, or a part of it, as it is stored:
 *
 * <pre>{"v":1,"seq":17, "error":"..","done":[0,1],"setDone":true, "tx":{..},"changes":[..]}</pre>
 *
 * The part from {@code "tx"} on, the body, is written once, by the transaction; the head before it is what attempts leave
 * behind. A callback's parcel has a {@code "text"} for its changes.
 */
final class Parcel {

    private static final String VERSION = "1";
    private static final String BODY = ",\"tx\":";
    private static final int ERROR_LENGTH = 500;

    private final long sequence;
    private final Origin transaction;
    private final List<?> changes;
    private final @Nullable String text;
    private final String body;
    private final BitSet done = new BitSet();
    private boolean setDone;

    /** The transaction that handed the parcel over. */
    record Origin(String id, Optional<String> name, int attempt, Instant start, Instant handedOver)
            implements TransactionInfo {

        @Override
        public int depth() {
            return 0;
        }
    }

    private Parcel(long sequence, Origin transaction, List<?> changes, @Nullable String text, String body) {
        this.sequence = sequence;
        this.transaction = transaction;
        this.changes = changes;
        this.text = text;
        this.body = body;
    }

    // ---------------------------------------------------------------- writing

    /** What stands before the sequence's number when a parcel is handed over; {@link #bodyOf} follows the number. */
    static final String HEAD = "{\"v\":" + VERSION + ",\"seq\":";

    /** The body up to the changes or the text. */
    static StringBuilder bodyOf(TransactionInfo transaction, Instant now) {
        StringBuilder body = new StringBuilder(BODY).append("{\"id\":");
        Json.quote(body, transaction.id());
        transaction.name().ifPresent(name -> Json.quote(body.append(",\"name\":"), name));
        body.append(",\"attempt\":").append(transaction.attempt());
        Json.quote(body.append(",\"start\":"), transaction.start().toString());
        return Json.quote(body.append(",\"at\":"), now.toString()).append('}');
    }

    /** The parcel as it is now, with what went wrong. */
    String toText(@Nullable String error) {
        StringBuilder out = new StringBuilder(HEAD).append(sequence);
        if (error != null) {
            Json.quote(out.append(",\"error\":"), error.substring(0, Math.min(error.length(), ERROR_LENGTH)));
        }
        if (!done.isEmpty()) {
            out.append(",\"done\":").append(done.toString().replace('{', '[').replace('}', ']'));
        }
        return out.append(setDone ? ",\"setDone\":true" : "").append(body).toString();
    }

    // ---------------------------------------------------------------- reading

    /**
     * The parcel that a text holds; its changes are not decoded yet.
     *
     * @throws IllegalArgumentException when it is none, or of a version that is not known here
     */
    static Parcel read(String text) {
        try {
            Map<?, ?> json = (Map<?, ?>) Objects.requireNonNull(Json.parse(text));
            if (!VERSION.equals(digits(json.get("v")))) {
                throw new IllegalArgumentException(
                        "a parcel of version " + digits(json.get("v")) + ", and version " + VERSION + " is known here");
            }
            return read(text, json);
        } catch (ClassCastException | NullPointerException e) {
            throw new IllegalArgumentException("not the JSON of a parcel", e);
        }
    }

    private static Parcel read(String text, Map<?, ?> json) {
        Map<?, ?> tx = (Map<?, ?>) Objects.requireNonNull(json.get("tx"));
        List<?> changes = json.get("changes") instanceof List<?> list ? list : List.of();
        Origin origin = new Origin(
                (String) Objects.requireNonNull(tx.get("id")),
                Optional.ofNullable((String) tx.get("name")),
                Integer.parseInt(digits(tx.get("attempt"))),
                Instant.parse((String) Objects.requireNonNull(tx.get("start"))),
                Instant.parse((String) Objects.requireNonNull(tx.get("at"))));
        Parcel parcel = new Parcel(
                Long.parseLong(digits(json.get("seq"))),
                origin,
                changes,
                (String) json.get("text"),
                text.substring(text.indexOf(BODY))); // not in the head: quotes within its strings are escaped
        if (json.get("done") instanceof List<?> done) {
            done.forEach(index -> parcel.done.set(Integer.parseInt(digits(index))));
        }
        parcel.setDone = json.containsKey("setDone");
        return parcel;
    }

    private static String digits(@Nullable Object number) {
        return ((Digits) Objects.requireNonNull(number)).text();
    }

    /** What went wrong last in the parcel that a text holds, as far as it can be read. */
    static String errorIn(String text) {
        try {
            return Json.parse(text) instanceof Map<?, ?> json && json.get("error") instanceof String error ? error : "";
        } catch (IllegalArgumentException unreadable) {
            return unreadable.toString();
        }
    }

    // ---------------------------------------------------------------- contents

    long sequence() {
        return sequence;
    }

    Origin transaction() {
        return transaction;
    }

    /** The changes, not decoded. */
    List<@Nullable Object> changes() {
        return new ArrayList<>(changes);
    }

    /** A callback's text. */
    String text() {
        if (text == null) {
            throw new IllegalArgumentException("a parcel of changes for a callback, which takes texts");
        }
        return text;
    }

    boolean isDone(int change) {
        return done.get(change);
    }

    void markDone(int change) {
        done.set(change);
    }

    boolean isSetDone() {
        return setDone;
    }

    void markSetDone() {
        setDone = true;
    }
}
