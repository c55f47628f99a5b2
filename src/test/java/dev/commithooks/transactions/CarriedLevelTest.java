package dev.commithooks.transactions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.fixture.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.RecordListener;
import org.jooq.TransactionListener;
import org.jooq.TransactionListenerProvider;
import org.jooq.impl.DefaultRecordListenerProvider;
import org.junit.jupiter.api.Test;

/** A transaction's level is carried among its configuration's transaction listeners, beside those of others. */
class CarriedLevelTest extends SessionFixture {

    CarriedLevelTest(TestDatabase database) {
        super(database);
    }

    @Test
    void whereATransactionsListenersAreReplacedItsRowsAreStillItsAndNestedTransactionsAreRefused() {
        DSLContext dsl = hooks.attachTo(database.dsl(pool));

        dsl.transaction(tx -> {
            DSLContext replaced = tx.derive(new TransactionListenerProvider[0]).dsl();
            author(replaced, "Ada");
            assertThatThrownBy(() -> replaced.transaction(nested -> author(nested.dsl(), "nobody")))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("TransactionListenerProvider of the commit hooks is gone")
                    .hasMessageContaining("no transaction was begun");
            author(tx.dsl(), "Bob");
        });

        assertThat(journal.events())
                .containsExactly(
                        "before insert author[1]",
                        "before insert author[2]",
                        "after insert author[1]",
                        "after insert author[2]");
        assertThat(committedNames()).containsExactly("Ada", "Bob");
        assertThat(connectionsInUse()).isZero();
    }

    @Test
    void othersListenersHearOfATransactionAndItsNestedOnesAlthoughTheyCameInArraysOfANarrowerType() {
        List<String> heard = new ArrayList<>();
        class Heard implements TransactionListenerProvider {
            @Override
            public TransactionListener provide() {
                return TransactionListener.onCommitEnd(ctx -> heard.add("committed"));
            }
        }
        Configuration theirs = database.dsl(pool).configuration();
        theirs.set(new Heard[] {new Heard()});
        theirs.set(new DefaultRecordListenerProvider[] {new DefaultRecordListenerProvider(new RecordListener() {})});

        hooks.attachTo(theirs.dsl()).transaction(tx -> {
            author(tx.dsl(), "Ada");
            tx.dsl().transaction(nested -> author(nested.dsl(), "Bob"));
        });

        assertThat(heard).containsExactly("committed", "committed");
        assertThat(journal.events()).contains("after insert author[1]", "after insert author[2]");
        assertThat(committedNames()).containsExactly("Ada", "Bob");
    }
}
