package dev.commithooks.engine.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.engine.dialect.Dialect;
import java.util.List;
import org.jooq.SQLDialect;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The tokens of other databases than PostgreSQL, where they differ from its own and from one another's. */
class LexisOfDatabasesTest {

    private static SqlScanner scanner(SQLDialect dialect, String sql) {
        return new SqlScanner(sql, Dialect.of(dialect).lexis());
    }

    private static List<String> kinds(SQLDialect dialect, String sql) {
        return Script.of(sql, Dialect.of(dialect)).controls().stream()
                .map(control -> control.kind().name())
                .toList();
    }

    /** The first word behind what is a comment there; {@code <n>} stands for the end of the line. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "MARIADB|# a<n>b|b",
                "MARIADB|-- a<n>b|b",
                "MARIADB|--<n>b|b",
                "MARIADB|--|",
                "MARIADB|--a<n>b|",
                "MARIADB|- a|",
                "MARIADB|-|",
                "MARIADB|//a<n>b|",
                "MARIADB|/*!b*/|b",
                "MARIADB|/*!50003 b*/|b",
                "MARIADB|/*M!100100 b*/|b",
                "MARIADB|/*!50003 */ b|b",
                "MARIADB|/*! */ /* a */ b|b",
                "MARIADB|/* !b*/ c|c",
                "MARIADB|/* a /* b */ c|c",
                "MARIADB|/*!9|",
                "MARIADB|*/ b|",
                "MARIADB|/*! */ */ b|",
                "H2|// a<n>b|b",
                "H2|//|",
                "H2|/ a|",
                "H2|--a<n>b|b",
                "H2|# a<n>b|",
                "H2|/* a /* b */ c */ d|d",
                "H2|/*!b*/ c|c",
                "SQLITE|--a<n>b|b",
                "SQLITE|// a<n>b|",
                "SQLITE|# a<n>b|",
                "SQLITE|/* a /* b */ c|c",
            })
    void commentsAreBlanks(SQLDialect dialect, String sql, @Nullable String word) {
        assertThat(scanner(dialect, sql.replace("<n>", "\n")).keyword()).isEqualTo(word == null ? "" : word);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "MARIADB|`A ``b`|A `b",
                "MARIADB|[a]|",
                "MARIADB|\"A\"|A",
                "SQLITE|`A b`|A b",
                "SQLITE|[A b]|A b",
                "SQLITE|u&\"a\"|u",
                "H2|`A`|A",
                "H2|U&\"d\\0061\"|da",
                "H2|u&a|u",
                "H2|[a]|",
                "POSTGRES|`a`|",
                "POSTGRES|[a]|",
                "DEFAULT|`a`|",
                "DEFAULT|\"A\"|A",
            })
    void identifiersAreQuotedByTheirOwnMarks(SQLDialect dialect, String sql, @Nullable String identifier) {
        assertThat(scanner(dialect, sql).identifier()).isEqualTo(identifier);
        boolean isQuoted = identifier != null && !identifier.equals("u");
        assertThat(scanner(dialect, sql).isAtQuotedIdentifier()).isEqualTo(isQuoted);
        assertThat(scanner(dialect, "  " + sql).isAtQuotedIdentifier()).isEqualTo(isQuoted);
    }

    @Test
    void whereNothingComesNoIdentifierIsQuoted() {
        assertThat(scanner(SQLDialect.H2, "").isAtQuotedIdentifier()).isFalse();
        assertThat(scanner(SQLDialect.H2, " /* */").isAtQuotedIdentifier()).isFalse();
        assertThat(scanner(SQLDialect.H2, "u").isAtQuotedIdentifier()).isFalse();
        assertThat(scanner(SQLDialect.POSTGRES, "u&\"a\"").isAtQuotedIdentifier())
                .isTrue();
        assertThat(scanner(SQLDialect.SQLITE, "[open").identifier()).isEqualTo("ope"); // the database refuses it
    }

    /** Whether a backslash escapes a quote is said by the session's sql_mode: what is read in both ways counts, and no text that ends open. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "MARIADB|select 'a\\'; commit; select 'b'|UNCLEAR",
                "MYSQL|insert into t values ('a\\'); commit; select '; savepoint a'|UNCLEAR",
                "MYSQL|insert into t values (\"a\\\"); savepoint a; select \"b\"|UNCLEAR_SAVEPOINTS",
                "MYSQL|insert into t values ('a\\'); commit; create table t (id int)|UNCLEAR",
                "MARIADB|insert into t values ('a\\'); commit; -- ')|UNCLEAR",
                "MYSQL|insert into t values ('a\\n'); commit; select 'b'|COMMIT",
                "MYSQL|insert into t values ('a\\\\'); commit; select 'b'|COMMIT",
                "MYSQL|insert into t values ('it\\'s; commit; that')|",
                "MYSQL|insert into t values ('it\\'s; commit; that'); savepoint a|SAVEPOINT",
                "H2|insert into t values ('a\\'); commit; select 'b'|COMMIT",
                "POSTGRES|insert into t values ('a\\'); commit; select 'b'|COMMIT",
            })
    void textThatTheModeOfTheSessionDecidesIsUnclear(SQLDialect dialect, String sql, @Nullable String found) {
        assertThat(kinds(dialect, sql)).isEqualTo(found == null ? List.of() : List.of(found));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "MARIADB|update t set a = '\\'; delete from t; -- '|true",
                "MARIADB|update t set a = '\\'' where b = ';'|false",
                "MARIADB|update t set a = '\\n;'|false",
                "MARIADB|update t set a = ';'|false",
                "MARIADB|update t set a = '\\'|false",
                "POSTGRES|update t set a = '\\'; delete from t; -- '|false"
            })
    void textMayBeSeveralWhereTheModeOfTheSessionDecides(SQLDialect dialect, String sql, boolean maybe) {
        assertThat(Script.mayBeSeveral(sql, Dialect.of(dialect))).isEqualTo(maybe);
    }

    /** What ends the transaction stands behind a quotation, or within it. SQLite's driver may ignore what stands behind. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "MARIADB|call f('a\\'; commit')|",
                "MARIADB|call f(\"a\\\"; commit\")|",
                "MARIADB|call f('a\\\\'); commit|COMMIT",
                "MARIADB|call f(`; commit`)|",
                "MARIADB|call f([1]); commit|COMMIT",
                "MARIADB|call f() # ; commit|",
                "MARIADB|call f(1--1); commit|COMMIT",
                "MARIADB|/*!50003 commit */|COMMIT",
                "MARIADB|call f(2*/*;commit;*/3)|",
                "MARIADB|call f($$); commit; call g($$)|COMMIT",
                "MARIADB|call f(E'a\\'; commit')|",
                "SQLITE|pragma f('a\\'); commit|UNCLEAR",
                "SQLITE|pragma f(E'a\\'); commit|UNCLEAR",
                "SQLITE|pragma f([; commit])|",
                "SQLITE|pragma f(`; commit`)|",
                "SQLITE|pragma f(a[1]); commit|UNCLEAR",
                "SQLITE|pragma f($$); commit; pragma g($$)|UNCLEAR",
                "SQLITE|pragma f($a); commit|UNCLEAR",
                "H2|call f($$; commit$$)|",
                "H2|call f('a\\'); commit|COMMIT",
                "H2|call f(`; commit`)|",
                "H2|call f(a[1]); commit|COMMIT",
                "H2|call f() // ; commit|",
                "POSTGRES|call f(a[1]); commit|COMMIT",
                "POSTGRES|call f(`); commit; call g(`)|COMMIT",
                "POSTGRES|call f($a); commit|COMMIT",
                "POSTGRES|call f($a$); commit|",
                "POSTGRES|call f(like'a\\'); commit|COMMIT",
            })
    void statementsEndOutsideOfQuotations(SQLDialect dialect, String sql, @Nullable String kind) {
        assertThat(kinds(dialect, sql)).isEqualTo(kind == null ? List.of() : List.of(kind));
    }

    @Test
    void onlyPostgresqlCutsNames() {
        String name = "x".repeat(100);
        assertThat(scanner(SQLDialect.POSTGRES, name).identifier()).hasSize(63);
        assertThat(scanner(SQLDialect.MARIADB, name).identifier()).isEqualTo(name);
        assertThat(scanner(SQLDialect.DEFAULT, name).identifier()).isEqualTo(name);
        assertThat(scanner(SQLDialect.POSTGRES, '"' + "x".repeat(63) + '"').identifier())
                .hasSize(63);
    }

    @Test
    void rulesAreNamed() {
        assertThat(Dialect.of(SQLDialect.SQLITE).lexis()).hasToString("[BACKTICKS, BRACKETS]");
    }

    @Test
    void savepointIsKnownByItsNameOrByItsStatementAlone() {
        TransactionControl named = new TransactionControl(TransactionControl.Kind.SAVEPOINT, "a");
        TransactionControl unreadable = new TransactionControl(TransactionControl.Kind.SAVEPOINT, null);

        assertThat(named.identity()).isEqualTo("a");
        assertThat(unreadable.identity()).isSameAs(unreadable);
    }

    @Test
    void whatOtherDatabasesDoNotHave() {
        assertThat(Dialect.of(SQLDialect.H2).hasDeltaTables()).isTrue();
        assertThat(Dialect.of(SQLDialect.POSTGRES).hasDeltaTables()).isFalse();
        assertThat(Dialect.of(SQLDialect.POSTGRES).hasUnnamedSavepoints()).isTrue();
    }
}
