package dev.commithooks.databases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import java.sql.SQLException;
import java.util.List;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What ends a transaction on MariaDB, or seems to, in ways that its text hardly tells. */
@Database
@EnabledIfSystemProperty(
        named = "commithooks.test.database",
        matches = "mariadb|mysql",
        disabledReason = "needs a MariaDB server: say -Dcommithooks.test.database=mariadb, or mysql for MySQL's driver")
class MariaDbEdgesTest {

    private final MariaDbSchema schema;
    private final Shop shop;

    MariaDbEdgesTest(TestDatabase database) throws SQLException {
        this.schema = new MariaDbSchema(database);
        this.shop = schema.shop();
    }

    @BeforeEach
    void makeSchema() {
        schema.make();
        shop.execute(
                "create procedure ending() commit",
                "create procedure going_on() begin commit; insert into other values (1); end",
                "create procedure undoing() begin rollback; insert into other values (1); end",
                "create procedure failing() begin commit; insert into nowhere values (1); end",
                "create procedure going_on_failing() begin commit; insert into other values (1);"
                        + " insert into nowhere values (1); end",
                "create procedure harmless() insert into other values (1)",
                "create procedure harmless_failing() insert into nowhere values (1)");
    }

    @AfterEach
    void dropSchema() {
        schema.drop();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "call ending()",
                "call going_on()",
                "call undoing()",
                "call failing()",
                "call going_on_failing()",
                "execute immediate 'commit'",
                "execute immediate 'create table another (id int)'",
                "execute immediate 'call going_on()'",
                "set statement max_statement_time = 9 for call going_on()",
                "set statement max_statement_time = 9 for create table another (id int)",
                "if 1 then commit; end if",
                "begin not atomic commit; insert into other values (1); end",
                "lock tables author write, other write",
                "backup stage end",
                "commit and chain",
                "rollback and chain"
            })
    void rowsBeforeAnEndAreInDoubt(String ending) {
        List<String> rows = tellsOf(ending);

        assertThat(shop.told.drain()).containsExactly("in doubt insert author[1]");
        assertThat(rows)
                .isEqualTo(ending.contains("undoing") || ending.startsWith("rollback") ? List.of() : List.of("Ann"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "call harmless()",
                "call harmless_failing()",
                "execute immediate 'insert into other values (1)'",
                "set statement max_statement_time = 9 for insert into other values (1)",
                "if 1 then insert into other values (1); end if",
                "begin not atomic insert into other values (1); end",
                "xa start 'x'",
                "handler author open",
                "show tables",
                "optimizer_nonsense"
            })
    void rowsBeforeWhatEndsNothingHaveFailed(String harmless) {
        List<String> rows = tellsOf(harmless);

        assertThat(shop.told.drain()).containsExactly("failed WORK insert author[1]");
        assertThat(rows).isEmpty();
    }

    /** Under NO_BACKSLASH_ESCAPES the COMMIT stands behind a string, else within one. */
    @ParameterizedTest
    @ValueSource(strings = {"NO_BACKSLASH_ESCAPES", ""})
    void rowsBeforeATextThatTheSqlModeDecidesAreInDoubt(String mode) throws SQLException {
        Shop texts = schema.shopOfTexts();

        assertThatThrownBy(() -> texts.dsl.transaction(tx -> {
                    tx.dsl().execute("set sql_mode = '" + mode + "'");
                    texts.author(tx.dsl(), 1, "Ann").store();
                    tx.dsl().execute("insert into author (name) values ('a\\'); commit; -- ')");
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");

        assertThat(texts.told.drain()).containsExactly("in doubt insert author[1]");
        assertThat(shop.rows()).isEqualTo(mode.isEmpty() ? List.of() : List.of("Ann", "a\\"));
    }

    /** To return its row, the end of such a text would have been added to: in a comment, or to a statement that is not the first. */
    @Test
    void textThatTheSqlModeDecidesIsExecutedAsItIs() throws SQLException {
        Shop texts = schema.shopOfTexts();

        texts.dsl.transaction(tx -> {
            tx.dsl().execute("set sql_mode = 'NO_BACKSLASH_ESCAPES'");
            tx.dsl().execute("insert into author (name) values ('a\\'); select (1); select ('b')");
        });
        assertThat(shop.rows()).containsExactly("a\\");
    }

    /** The rows that are there after a transaction that stored one, executed this, and was rolled back. */
    private List<String> tellsOf(String statement) {
        assertThatThrownBy(() -> shop.dsl.transaction(tx -> {
                    shop.author(tx.dsl(), 1, "Ann").store();
                    try {
                        tx.dsl().execute(statement);
                    } catch (DataAccessException swallowed) {
                        // The transaction may be there or not.
                    }
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");
        return shop.rows();
    }

    /** To the server neither case nor accents make a difference. */
    @ParameterizedTest
    @ValueSource(strings = {"A", "ä", "Ä", "b", "`a`"})
    void savepointsWhoseNamesMayBeTheSameAreNotConfused(String other) {
        SavepointNamesTest.assertTold(shop, "a", other, !other.chars().allMatch(letter -> letter < 128));
    }
}
