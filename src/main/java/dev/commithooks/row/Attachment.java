package dev.commithooks.row;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jooq.Configuration;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/**
 * The configuration that a record is attached to.
 *
 * @param row the record
 * @param configuration the configuration; null when it is attached to none
 */
public record Attachment(Record row, @Nullable Configuration configuration) {

    /** The attachment that a record has now. */
    public static Attachment of(Record row) {
        return new Attachment(row, row.configuration());
    }

    /** The attachments that records have now. */
    public static List<Attachment> of(Collection<? extends Record> rows) {
        List<Attachment> all = new ArrayList<>(rows.size());
        rows.forEach(row -> all.add(of(row)));
        return all;
    }

    /** Attaches the record to it again. */
    public void restore() {
        if (configuration == null) {
            row.detach();
        } else {
            row.attach(configuration);
        }
    }
}
