package dev.commithooks.recording;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.change.Updated;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.Recording;
import org.jooq.ExecuteContext;
import org.jooq.ExecuteListener;
import org.junit.jupiter.api.Test;

/** The old row is what the record had read when its statement was made. */
@Database
class OldImagesTest {

    private final TestDatabase database;

    OldImagesTest(TestDatabase database) {
        this.database = database;
    }

    /** From then on the record says that it had read what it is about to write. */
    @Test
    void listenerThatTakesChangesForGrantedChangesNoOldRow() {
        Shop shop = Shop.in(database, builder -> builder.recording(Recording.RECORDS_ONLY));
        AccountRecord first = database.dsl().newRecord(ACCOUNT);
        first.setOwner("first");
        first.insert();

        shop.transaction(dsl -> {
            AccountRecord account = dsl.fetchSingle(ACCOUNT);
            account.attach(dsl.configuration().deriveAppending(new ExecuteListener() {
                @Override
                public void prepareStart(ExecuteContext ctx) {
                    account.changed(ACCOUNT.OWNER, false);
                }
            }));
            account.setOwner("second");
            account.update();
        });

        assertThat(shop.after()).singleElement().satisfies(change -> {
            Updated<?> updated = (Updated<?>) change;
            assertThat(updated.oldRow().get(ACCOUNT.OWNER)).isEqualTo("first");
            assertThat(updated.row().get(ACCOUNT.OWNER)).isEqualTo("second");
        });
        assertThat(database.dsl().fetchValues(ACCOUNT.OWNER)).containsExactly("second");
    }
}
