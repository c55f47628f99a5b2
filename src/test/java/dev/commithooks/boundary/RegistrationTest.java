package dev.commithooks.boundary;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static dev.commithooks.bookshop.shop.Tables.PAGE_VIEW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.CommitHooks;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.hook.HookOptions;
import dev.commithooks.hook.RecordHooks;
import java.lang.reflect.Proxy;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.junit.jupiter.api.Test;

/** What may be registered and attached, and what is refused with which words. */
@Database
class RegistrationTest extends RegistrationFixture {

    RegistrationTest(TestDatabase database) {
        super(database);
    }

    @Test
    void hooksRunInRegistrationOrderUnlessAnOrderIsGiven() {
        CommitHooks hooks = CommitHooks.builder()
                .registerAll(new Naming("all"))
                .register(AUTHOR, new Naming("1"))
                .register(AUTHOR, new Naming("last"), HookOptions.ordered(10))
                .register(
                        AUTHOR, new Naming("first"), HookOptions.named("first").order(-1))
                .on(AUTHOR, on -> on.afterCommitInsert((author, ctx) -> called.add("2")))
                .on(
                        AUTHOR,
                        HookOptions.ordered(-2),
                        on -> on.afterCommitInsert((author, ctx) -> called.add("very first")))
                .build();

        hooks.attachTo(database.dsl()).transaction(STORE_AUTHOR);

        assertThat(called).containsExactly("very first", "first", "all", "1", "2", "last");
    }

    @Test
    void optionsAreEqualThatSayTheSame() {
        assertThat(HookOptions.named("mail").order(3))
                .isEqualTo(HookOptions.named("mail").order(3))
                .hasSameHashCodeAs(HookOptions.named("mail").order(3))
                .isNotEqualTo(HookOptions.named("mail"))
                .isNotEqualTo(HookOptions.named("post").order(3))
                .isNotEqualTo(HookOptions.durable("mail").order(3))
                .hasToString("'mail', order 3");
        assertThat(HookOptions.ordered(0)).isEqualTo(HookOptions.defaults()).hasToString("without a name");
        assertThat(HookOptions.durable("mail").order(1).isDurable()).isTrue();
        assertThat(HookOptions.durable("mail").order(1)).hasToString("durable 'mail', order 1");
        assertThat(HookOptions.ordered(2).name()).isEmpty();
    }

    @Test
    void aliasMeansItsTable() {
        DSLContext dsl = CommitHooks.builder()
                .register(AUTHOR.as("a"), new Naming("alias"))
                .build()
                .attachTo(database.dsl());

        dsl.transaction(STORE_AUTHOR);

        assertThat(called).containsExactly("alias");
    }

    @Test
    void hookForAllTablesSparesThoseNamed() {
        DSLContext dsl = CommitHooks.builder()
                .registerAll(new Naming("all"), AUTHOR)
                .build()
                .attachTo(database.dsl());

        dsl.transaction(tx -> {
            STORE_AUTHOR.run(tx);
            var view = tx.dsl().newRecord(PAGE_VIEW);
            view.setPath("/");
            view.insert();
        });

        assertThat(called).containsExactly("all");
    }

    @Test
    void oneObjectMayServeSeveralTables() {
        Naming hook = new Naming("shared");
        DSLContext dsl = CommitHooks.builder()
                .register(AUTHOR, hook)
                .register(BOOK, hook)
                .build()
                .attachTo(database.dsl());

        dsl.transaction(tx -> {
            STORE_AUTHOR.run(tx);
            var book = tx.dsl().newRecord(BOOK);
            book.setTitle("t");
            book.store();
        });

        assertThat(called).containsExactly("shared", "shared");
    }

    @Test
    void proxyCountsAsOverridingAll() {
        @SuppressWarnings("unchecked")
        RecordHooks<Record> proxy = (RecordHooks<Record>) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {RecordHooks.class}, (self, method, arguments) -> {
                    called.add(method.getName());
                    return null;
                });
        DSLContext dsl = CommitHooks.builder()
                .register(AUTHOR, proxy, HookOptions.named("proxy"))
                .build()
                .attachTo(database.dsl());

        dsl.transaction(STORE_AUTHOR);

        assertThat(called).containsExactly("beforeCommitInsert", "beforeCommit", "afterCommitInsert", "afterCommit");
    }

    @Test
    void installWorksInPlace() {
        Configuration configuration = database.dsl().configuration().derive();
        HookJournal journal = new HookJournal();
        CommitHooks.builder().registerAll(journal).build().install(configuration);

        configuration.dsl().transaction(STORE_AUTHOR);

        assertThat(journal.events()).containsExactly("before insert author[1]", "after insert author[1]");
    }
}
