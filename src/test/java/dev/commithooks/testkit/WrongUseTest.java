package dev.commithooks.testkit;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.testkit.ShopApplication.author;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.testing.Finding;
import dev.commithooks.testing.Finding.Kind;
import dev.commithooks.testing.HookJournal;
import dev.commithooks.testing.LeftBehindError;
import dev.commithooks.testing.RolledBackDatabase;
import dev.commithooks.testing.TestTransaction;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.util.List;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;

/** What goes wrong when the kit is set up wrongly, or cannot do what is asked of it, is said and not left to be found out. */
@Database
@NeedsRealCommits("brings an outer transaction of its own")
class WrongUseTest {

    private final TestDatabase database;
    private final HookJournal journal = new HookJournal();
    private final CommitHooks hooks;
    private final RolledBackDatabase rolledBack;

    WrongUseTest(TestDatabase database) {
        this.database = database;
        this.hooks = journal.installIn(
                        CommitHooks.builder().on(AUTHOR, on -> on.afterCommitInsert((author, ctx) -> {})))
                .build();
        this.rolledBack = RolledBackDatabase.over(database.realDataSource());
    }

    private DSLContext on(DataSource dataSource) {
        return hooks.attachTo(DSL.using(dataSource, SQLDialect.POSTGRES));
    }

    private static List<Kind> failures(TestTransaction test) {
        try {
            test.close();
            return List.of();
        } catch (LeftBehindError e) {
            return e.findings().stream().map(Finding::kind).toList();
        }
    }

    @Test
    void anApplicationThatUsesAnotherDataSourceIsFoundOut() {
        TestTransaction test = rolledBack.begin("test").watch(journal);
        on(database.realDataSource()).transaction(tx -> author(tx.dsl(), "really"));

        assertThat(failures(test)).containsExactly(Kind.UNUSED, Kind.OTHER_DATA_SOURCE);
        assertThat(database.dsl().fetchCount(AUTHOR)).isEqualTo(1);
    }

    @Test
    void oneThatUsesBothIsFoundOutToo() {
        TestTransaction test = rolledBack.begin("test").watch(journal);
        on(rolledBack.dataSource()).transaction(tx -> author(tx.dsl(), "virtually"));
        on(database.realDataSource()).transaction(tx -> author(tx.dsl(), "really"));

        assertThatThrownBy(test::close)
                .isInstanceOf(LeftBehindError.class)
                .hasMessageContaining("hooks heard of 2 transactions with changes that were committed, and 1 of them"
                        + " happened on its data source")
                .hasMessageContaining("IS COMMITTED");
        assertThat(database.dsl().fetchValues(AUTHOR.NAME)).containsExactly("really");
    }

    /** Single statements, nested transactions, rolled-back ones and plain SQL are counted as they happened. */
    @Test
    void oneThatUsesTheRightOneIsNotSuspected() {
        TestTransaction test = rolledBack.begin("test").watch(journal);
        DSLContext dsl = on(rolledBack.dataSource());
        author(dsl, "single");
        dsl.batchInsert(named("a"), named("b")).execute();
        dsl.insertInto(AUTHOR).columns(AUTHOR.NAME).values("statement").execute();
        dsl.execute("insert into author (name) values ('plain')");
        dsl.transaction(tx -> {
            author(tx.dsl(), "outer");
            tx.dsl().transaction(nested -> author(nested.dsl(), "nested"));
        });
        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    author(tx.dsl(), "gone");
                    throw new IllegalStateException("on purpose");
                }))
                .hasMessage("on purpose");
        TestTransaction nested = test.nest("nested").watch(journal);
        dsl.transaction(tx -> author(tx.dsl(), "nested test"));

        assertThat(failures(nested)).isEmpty();
        assertThat(failures(test)).isEmpty();
    }

    private static AuthorRecord named(String name) {
        var author = new AuthorRecord();
        author.setName(name);
        return author;
    }

    /** Two extensions on one data source: one kit over the other, as over a pool with a transaction open. */
    @Test
    void oneKitOverAnotherIsRefused() {
        RolledBackDatabase above = RolledBackDatabase.over(rolledBack.dataSource());
        TestTransaction below = rolledBack.begin("below");
        TestTransaction test = above.begin("above");

        assertThatThrownBy(() -> on(above.dataSource()).fetchCount(AUTHOR))
                .hasMessageContaining("is rolled back by another RolledBackDatabase already")
                .hasMessageContaining("Nothing was sent");
        assertThat(failures(test)).doesNotContain(Kind.LOST_CONNECTION);
        assertThat(failures(below)).containsExactly(Kind.UNUSED);
    }

    /** The driver is PostgreSQL's; only the address is another's, which is what is looked at. */
    @Test
    void anotherDatabaseIsRefusedByNameBeforeAnythingIsSent() {
        RolledBackDatabase other = RolledBackDatabase.over(calledItself("jdbc:derby:memory:shop;create=true"));
        TestTransaction test = other.begin("test");

        assertThatThrownBy(() -> on(other.dataSource()).fetchCount(AUTHOR))
                .hasMessageContaining(
                        "A rolled-back test needs PostgreSQL, MariaDB, MySQL, H2 or SQLite, and not jdbc:derby:memory:shop. Nothing was sent");
        assertThat(failures(test)).doesNotContain(Kind.LOST_CONNECTION);
    }

    private DataSource calledItself(String url) {
        return proxy(DataSource.class, database.realDataSource(), url);
    }

    private static <T> T proxy(Class<T> type, Object target, String url) {
        return type.cast(Proxy.newProxyInstance(
                WrongUseTest.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (method.getName().equals("getURL")) {
                        return url;
                    }
                    Object result = method.invoke(target, arguments);
                    if (result instanceof Connection) {
                        return proxy(Connection.class, result, url);
                    }
                    return result instanceof DatabaseMetaData ? proxy(DatabaseMetaData.class, result, url) : result;
                }));
    }

    @Test
    void sequencesGoOnFromTestToTestAndARestartDoesNot() throws Exception {
        long[] first = new long[2];
        for (int i = 0; i < 2; i++) {
            int at = i;
            rolledBack.run("test " + i, test -> {
                DSLContext dsl = on(rolledBack.dataSource());
                author(dsl, "a");
                first[at] = dsl.fetchSingle(AUTHOR).getId();
                dsl.execute("truncate author restart identity cascade");
                author(dsl, "b");
                assertThat(dsl.fetchSingle(AUTHOR).getId()).isEqualTo(1);
            });
        }
        assertThat(first[1])
                .as("the restart was rolled back, the number taken is not given back")
                .isEqualTo(first[0] + 1);
    }
}
