package dev.commithooks.engine.undo;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jooq.TableRecord;
import org.jooq.conf.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The log of what records were like: what it undoes, and what it costs. */
class UndoLogTest {

    private static final Settings SETTINGS = new Settings();
    private static final int REFERENCE = 4;
    private static final int ROWS = 10_000;

    @Test
    void theOldestStateOfWhatIsUndoneWins() {
        UndoLog log = new UndoLog();
        AccountRecord account = new AccountRecord();
        account.setOwner("Ann");
        log.remember(account, SETTINGS);
        account.setOwner("Ben");
        log.remember(account, SETTINGS); // no part was begun: nothing new
        int part = log.beginPart();
        log.remember(account, SETTINGS);
        account.setOwner("Eve");

        log.undoTo(part);
        assertThat(account.getOwner()).isEqualTo("Ben");
        account.setOwner("Eve");
        log.remember(account, SETTINGS);
        log.undoTo(part);
        assertThat(account.getOwner())
                .isEqualTo("Eve"); // which is what it was like before its write after the part's undoing
        log.undoTo(0);
        assertThat(account.getOwner()).isEqualTo("Ann");
        assertThat(log.isEmpty()).isTrue();
    }

    /** Of values and originals there is one reference each, which are the record's own; the rest is ours. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRememberedRecordTakesAtMost120BytesBesideItsValues(boolean isNew) {
        List<TableRecord<?>> rows = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            AccountRecord account = new AccountRecord();
            account.setId((long) i);
            account.setOwner("Ann");
            account.setBalance(BigDecimal.TEN);
            account.changed(isNew);
            rows.add(account);
        }
        allocatedBy(rows); // loads classes
        long bytes = allocatedBy(rows);

        int values = ACCOUNT.fields().length * (isNew ? 2 : 1) * REFERENCE;
        assertThat(bytes / ROWS - values).as("bytes a record, of %s", bytes).isBetween(40L, 120L);
    }

    private static long allocatedBy(List<TableRecord<?>> rows) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        UndoLog log = new UndoLog();
        long before = threads.getThreadAllocatedBytes(thread);
        rows.forEach(row -> log.remember(row, SETTINGS));
        return threads.getThreadAllocatedBytes(thread) - before;
    }
}
