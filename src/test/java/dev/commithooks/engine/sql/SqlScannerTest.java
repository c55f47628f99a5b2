package dev.commithooks.engine.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.engine.dialect.Dialect;
import java.util.ArrayList;
import java.util.List;
import org.jooq.SQLDialect;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** PostgreSQL's tokens, one by one. */
class SqlScannerTest {

    private static SqlScanner scanner(String sql) {
        return new SqlScanner(sql, Lexis.POSTGRES);
    }

    private static List<String> tokens(String sql) {
        SqlScanner scanner = scanner(sql);
        List<String> tokens = new ArrayList<>();
        int from = scanner.position();
        while (scanner.skip()) {
            tokens.add(sql.substring(from, scanner.position()).strip());
            from = scanner.position();
        }
        return tokens;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "select 1|select,1",
                "azAZ09_$é x|azAZ09_$é,x",
                "a+b|a,+,b",
                "a{b|a,{,b",
                "a`b|a,`,b",
                "a@b[c|a,@,b,[,c",
                "a/b:c|a,/,b,:,c",
                "'it''s' x|'it''s',x",
                "'a\\' x|'a\\',x",
                "E'a\\'b' x|E,'a\\'b',x",
                "e'\\\\' x|e,'\\\\',x",
                "like'a\\' x|like,'a\\',x",
                "\"a\"\"b\" x|\"a\"\"b\",x",
                "\"a\\\" x|\"a\\\",x",
                "$$a;b$$ x|$$a;b$$,x",
                "$t$a $$ b$t$ x|$t$a $$ b$t$,x",
                "$1 x|$,1,x",
                "$1$ x|$,1$,x",
                "$a x|$,a,x",
                "x $a|x,$,a",
                "a$b$c$ x|a$b$c$,x",
                "/* a /* b */ c */ x|/* a /* b */ c */ x",
                "a /* b */x|a,/* b */x",
            })
    void areFoundWhereTheyEnd(String sql, String expected) {
        assertThat(String.join(",", tokens(sql))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"'open", "\"open", "$$open", "$t$ open $$ ", "E'open\\'", "E'open\\", "'open''", "$"})
    void thatNeverEndGoToTheEndOfTheText(String sql) {
        List<String> tokens = tokens(sql);

        assertThat(String.join("", tokens)).isEqualTo(sql.strip());
        assertThat(tokens).hasSize(sql.startsWith("E") ? 2 : 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t\n\u000b\f\r", "-- to the end", "--\n", "/* open", "/* a */", "/*/"})
    void areNotAmongBlanksAndComments(String sql) {
        assertThat(tokens(sql)).isEmpty();
        assertThat(scanner(sql).keyword()).isEmpty();
        assertThat(scanner(sql).identifier()).isNull();
        assertThat(scanner(sql).isAtStatement()).isFalse();
        assertThat(scanner(sql).isAtAnyOf("ab")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\bx", "\u000ex", "\u007fx", "-x", "/x"})
    void areAmongOtherCharacters(String sql) {
        assertThat(tokens(sql)).hasSize(2);
    }

    @Test
    void commentOfOneLineEndsWithIt() {
        assertThat(scanner("-- a\nb").keyword()).isEqualTo("b");
        assertThat(scanner("--\nb").keyword()).isEqualTo("b");
    }

    @Test
    void keywordsAreFoldedAsPostgresqlFoldsThem() {
        assertThat(scanner(" AZaz_9$ÄÖ").keyword()).isEqualTo("azaz_9$ÄÖ");
        assertThat(scanner("$a").keyword()).isEmpty();
        assertThat(scanner("(a").keyword()).isEmpty();
    }

    @Test
    void statementsEndWithSemicolonsThatAreNotQuoted() {
        SqlScanner scanner = scanner("a ';' \";\" $$;$$ /* ; */ -- ;\n; b; ");
        assertThat(scanner.isAtStatement()).isTrue();
        assertThat(scanner.nextStatement()).isTrue();
        assertThat(scanner.keyword()).isEqualTo("b");
        assertThat(scanner.isAtStatement()).isFalse();
        assertThat(scanner.nextStatement()).isTrue();
        assertThat(scanner.isAtStatement()).isFalse();
        assertThat(scanner.nextStatement()).isFalse();
        assertThat(scanner("a ';'").nextStatement()).isFalse();
        assertThat(scanner("a").nextStatement()).isFalse();
        assertThat(scanner(";a").nextStatement()).isTrue();
    }

    @Test
    void lettersAreLookedForBehindBlanks() {
        assertThat(scanner("  b").isAtAnyOf("ab")).isTrue();
        assertThat(scanner("  c").isAtAnyOf("ab")).isFalse();
        assertThat(scanner("a").isAtAnyOf("ab")).isTrue();
        assertThat(scanner("  /* a */ ; a").isAtStatement()).isFalse();
        assertThat(scanner("  /* a */ b").isAtStatement()).isTrue();
    }

    @Test
    void identifierMayBeQuotedOrEscaped() {
        assertThat(scanner("\"A b\" c").identifier()).isEqualTo("A b");
        assertThat(scanner("\"open").identifier()).isEqualTo("ope"); // the server refuses it
        assertThat(scanner("U&\"d\\0061\\\\\" c").identifier()).isEqualTo("da\\");
        assertThat(scanner("U&\"d!\" UESCAPE '#'").identifier()).isEqualTo("d!");
        assertThat(scanner("U&\"a\\\"").identifier()).isEqualTo("a\\"); // refused too
        assertThat(scanner("u&x").identifier()).isEqualTo("u");
    }

    @Test
    void functionWithABodyInStandardSqlIsOneStatement() {
        assertThat(kinds("create function f() begin atomic select 1; commit; end; rollback"))
                .isEmpty();
        assertThat(kinds("create function f() as $$ begin; commit $$; rollback"))
                .containsExactly("ROLLBACK");
        assertThat(kinds("create table t (i int) ")).isEmpty();
        assertThat(kinds("create table atomic (i int); rollback")).containsExactly("ROLLBACK");
        assertThat(kinds("create table t (begin int, atomic int); rollback")).containsExactly("ROLLBACK");
        assertThat(kinds("create table \"begin\" (i int); commit")).containsExactly("COMMIT");
    }

    private static List<String> kinds(String sql) {
        return script(sql).controls().stream()
                .map(control -> control.kind().name())
                .toList();
    }

    @Test
    void textsAboutRowsAreNotScanned() {
        assertThat(List.of(
                        "select 1",
                        "insert into t values (1)",
                        "update t set a = 1",
                        "delete from t",
                        "with x as (select 1)"))
                .noneMatch(TransactionControl::isPossible);
        assertThat(List.of("select 1; commit", "; commit", "selec", "insect", "upset", "delta", "wit", "commit"))
                .allMatch(TransactionControl::isPossible);
        assertThat(TransactionControl.isPossible("")).isFalse();
        assertThat(TransactionControl.isPossible(";")).isTrue();
    }

    @Test
    void namesAreCutBetweenCharacters() {
        assertThat(Lexis.POSTGRES.cut("x".repeat(63))).hasSize(63);
        assertThat(Lexis.POSTGRES.cut("x".repeat(64))).hasSize(63);
        assertThat(Lexis.POSTGRES.cut("ä".repeat(31) + "x")).isEqualTo("ä".repeat(31) + "x");
        assertThat(Lexis.POSTGRES.cut("x" + "ä".repeat(31) + "y")).isEqualTo("x" + "ä".repeat(31));
        assertThat(Lexis.POSTGRES.cut("€".repeat(22))).isEqualTo("€".repeat(21));
    }

    @Test
    void whatAFailedTextMayHaveDone() {
        assertThat(script("commit").ifFailed())
                .containsExactly(new TransactionControl(TransactionControl.Kind.COMMIT, null));
        assertThat(script("prepare transaction 'x'").ifFailed()).hasSize(1);
        assertThat(script("rollback").ifFailed()).hasSize(1);
        assertThat(script("savepoint a").ifFailed()).isEmpty();
        assertThat(script("begin").ifFailed()).isEmpty();
        assertThat(script("select 1").ifFailed()).isEmpty();
        assertThat(unclear("insert into t values (1); commit")).containsExactly("UNCLEAR");
        assertThat(unclear("savepoint a; commit")).containsExactly("UNCLEAR");
        assertThat(unclear("savepoint a; select 1/0")).containsExactly("UNCLEAR_SAVEPOINTS");
        assertThat(unclear("release a; select 1/0")).containsExactly("UNCLEAR_SAVEPOINTS");
        assertThat(unclear("rollback to a; select 1/0")).containsExactly("UNCLEAR_SAVEPOINTS");
        assertThat(unclear("begin; select 1/0")).isEmpty();
        assertThat(unclear("select 1; select 1/0")).isEmpty();
        assertThat(unclear("commit; ; ")).containsExactly("COMMIT");
    }

    private static List<String> unclear(String sql) {
        return script(sql).ifFailed().stream()
                .map(control -> control.kind().name())
                .toList();
    }

    @Test
    void scriptsAreAppended() {
        Script both = script("savepoint a").then(script("select 1; commit"));

        assertThat(both.statements()).isEqualTo(3);
        assertThat(both.controls()).extracting(control -> control.kind().name()).containsExactly("SAVEPOINT", "COMMIT");
        assertThat(Script.EMPTY.then(both)).isEqualTo(both);
        assertThat(both.then(Script.EMPTY)).isEqualTo(both);
        assertThat(script("select 1").statements()).isEqualTo(1);
        assertThat(script("call f(); ;call g()").statements()).isEqualTo(2);
    }

    private static Script script(String sql) {
        return Script.of(sql, Dialect.of(SQLDialect.POSTGRES));
    }
}
