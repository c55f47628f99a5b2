package dev.commithooks.databases;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.transaction.TransactionInDoubtException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.h2.jdbcx.JdbcDataSource;
import org.jooq.SQLDialect;
import org.jooq.conf.RenderNameCase;
import org.jooq.conf.RenderQuotedNames;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.sqlite.SQLiteConfig;

/** Names of savepoints that are the same, or differ, by their quotation or the case of their letters: as the database says. */
class SavepointNamesTest {

    private static final AtomicInteger NUMBER = new AtomicInteger();

    static final List<String> NAMES = List.of("a", "A", "\"a\"", "\"A\"", "`a`", "`A`", "[a]", "'a'", "ä", "Ä");

    static final List<String> SETTINGS = Stream.of("", ";DATABASE_TO_UPPER=FALSE", ";DATABASE_TO_LOWER=TRUE")
            .flatMap(setting -> Stream.of(setting, setting + ";CASE_INSENSITIVE_IDENTIFIERS=TRUE"))
            .toList();

    @TempDir
    Path folder;

    @ParameterizedTest
    @FieldSource("SETTINGS")
    void h2Decides(String settings) {
        JdbcDataSource dataSource = new JdbcDataSource();
        dataSource.setURL("jdbc:h2:mem:names" + NUMBER.incrementAndGet() + ";DB_CLOSE_DELAY=-1" + settings);
        Shop shop = new Shop(dataSource, SQLDialect.H2);
        shop.dsl
                .settings()
                .withRenderNameCase(RenderNameCase.LOWER)
                .withRenderQuotedNames(RenderQuotedNames.EXPLICIT_DEFAULT_UNQUOTED);
        shop.execute("create table author (id bigint primary key, name varchar not null, email varchar)");

        List<String> understood = List.of("a", "A", "\"a\"", "\"A\"", "`a`", "ä", "Ä");
        understood.forEach(name -> understood.forEach(other -> assertTold(shop, name, other, false)));
        shop.execute("shutdown immediately");
    }

    @ParameterizedTest
    @FieldSource("NAMES")
    void sqliteDecides(String name) {
        Shop shop = SqliteTest.shop(folder, SQLiteConfig.JournalMode.MEMORY);
        NAMES.forEach(other -> assertTold(shop, name, other, name.startsWith("'") || other.startsWith("'")));
    }

    /** The rows after two savepoints, and a rollback to the first's name. */
    static void assertTold(Shop shop, String first, String second, boolean mayBeInDoubt) {
        shop.dsl.deleteFrom(AUTHOR).execute();
        shop.told.drain();
        try {
            shop.dsl.transaction(tx -> {
                tx.dsl().execute("savepoint " + first);
                shop.author(tx.dsl(), 1, "Ann").store();
                tx.dsl().execute("savepoint " + second);
                shop.author(tx.dsl(), 2, "Bob").store();
                tx.dsl().execute("rollback to savepoint " + first);
            });
        } catch (DataAccessException notAName) {
            // Then nothing is there.
        } catch (TransactionInDoubtException inDoubt) {
            assertThat(mayBeInDoubt).isTrue();
        }
        List<String> told = shop.told.drain();
        List<Long> rows =
                shop.dsl.select(AUTHOR.ID).from(AUTHOR).orderBy(AUTHOR.ID).fetch(AUTHOR.ID);
        for (long id = 1; id <= 2; id++) {
            String after = "after insert author[" + id + "]";
            String inDoubt = "in doubt insert author[" + id + "]";
            assertThat(told.contains(after) || mayBeInDoubt && told.contains(inDoubt) && rows.contains(id))
                    .as(first + ", " + second + ": " + told + " " + rows)
                    .isEqualTo(rows.contains(id));
        }
    }
}
