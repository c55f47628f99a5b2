package dev.commithooks.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.CommitHooks;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.OutsideTransaction;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jooq.DSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Callbacks that run at once though somebody may have meant something else are warned of, as records are. */
@Database
@NeedsRealCommits("callbacks outside of transactions")
class WarnedCallbacksTest {

    private static final Logger LOGGER = Logger.getLogger("dev.commithooks");

    private final List<String> told = new ArrayList<>();
    private final TestDatabase database;

    private final Handler warnings = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            told.add(entry.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    WarnedCallbacksTest(TestDatabase database) {
        this.database = database;
        LOGGER.addHandler(warnings);
    }

    @AfterEach
    void stopListening() {
        LOGGER.removeHandler(warnings);
    }

    @Test
    void onTheOuterConfigurationInsideATransaction() {
        DSLContext dsl = CommitHooks.builder().build().attachTo(database.dsl(database.pool(2)));

        dsl.transaction(tx -> {
            for (int i = 0; i < 2; i++) {
                CommitHooks.current(dsl).onCommit(() -> told.add("run"));
            }
            told.add("the lambda returns");
        });

        assertThat(told).hasSize(4).contains("run").last().isEqualTo("the lambda returns");
        assertThat(told.get(0))
                .contains("An onCommit callback was registered, and run at once,")
                .contains("outside the transaction that is open on this thread")
                .contains(WarnedCallbacksTest.class.getName());
    }

    @Test
    void outsideOfTransactionsUnderWarn() {
        DSLContext dsl = CommitHooks.builder()
                .outsideTransaction(OutsideTransaction.WARN)
                .build()
                .attachTo(database.dsl());

        CommitHooks.current(dsl).onCommit(() -> told.add("run"));
        CommitHooks.current(dsl).onCommit(() -> told.add("run"));

        assertThat(told).hasSize(3).endsWith("run", "run");
        assertThat(told.get(0)).startsWith("An onCommit callback was registered outside a transaction, at ");
    }
}
