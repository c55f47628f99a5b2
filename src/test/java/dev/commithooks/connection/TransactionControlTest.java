package dev.commithooks.connection;

import static dev.commithooks.fixture.JooqStatements.commit;
import static dev.commithooks.fixture.JooqStatements.releaseSavepoint;
import static dev.commithooks.fixture.JooqStatements.rollbackToSavepoint;
import static dev.commithooks.fixture.JooqStatements.savepoint;
import static dev.commithooks.fixture.JooqStatements.startTransaction;
import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.engine.dialect.Dialect;
import dev.commithooks.engine.sql.Script;
import java.util.List;
import java.util.stream.Collectors;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TransactionControlTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "commit | COMMIT",
                "COMMIT; | COMMIT",
                "  commit work | COMMIT",
                "commit and chain | COMMIT",
                "commit and no chain | COMMIT",
                "end | COMMIT",
                "END TRANSACTION | COMMIT",
                "rollback | ROLLBACK",
                "rollback work and chain | ROLLBACK",
                "abort | ROLLBACK",
                "ABORT TRANSACTION | ROLLBACK",
                "begin | BEGIN",
                "begin isolation level serializable | BEGIN",
                "start transaction | BEGIN",
                "Start/**/Transaction read only | BEGIN",
                "prepare transaction 'half' | PREPARE",
                "savepoint x | SAVEPOINT x",
                "savepoint X | SAVEPOINT x",
                "savepoint \"X\" | SAVEPOINT X",
                "savepoint \"a \"\"b\"\"\" | SAVEPOINT a \"b\"",
                "savepoint savepoint | SAVEPOINT savepoint",
                "release x | RELEASE x",
                "release savepoint x | RELEASE x",
                "release savepoint | RELEASE savepoint",
                "RELEASE SAVEPOINT Savepoint | RELEASE savepoint",
                "rollback to x | ROLLBACK_TO x",
                "rollback to savepoint X | ROLLBACK_TO x",
                "rollback transaction to savepoint \"X\" | ROLLBACK_TO X",
                "/* a /* nested */ comment */ rollback -- to x | ROLLBACK",
                "rollback /* to y */ to x | ROLLBACK_TO x",
                "savepoint ÄPFEL | SAVEPOINT Äpfel",
                "savepoint 😀x | SAVEPOINT 😀x",
                "savepoint a b | SAVEPOINT a b",
                "\u000bsavepoint\fx | SAVEPOINT x",
                "savepoint U&\"\\0061b\" | SAVEPOINT ab",
                "savepoint u&\"d!0061t!+000061!!\"\"\" UESCAPE '!' | SAVEPOINT data!\"",
                "rollback to U&\"\\D83D\\DE00\" | ROLLBACK_TO 😀",
                "savepoint U&\"\\00e4\" uescape | SAVEPOINT ä",
                "savepoint U&\"\\zzzz\\00\" | SAVEPOINT \\zzzz\\00",
                "savepoint u | SAVEPOINT u",
                "savepoint `x | SAVEPOINT",
                "release | RELEASE",
            })
    void statementIsRecognised(String sql, String expected) {
        assertThat(read(sql)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ";",
                "-- commit",
                "/* commit",
                "select 1",
                "insert into begin values ('commit')",
                "commit prepared 'other'",
                "rollback prepared 'other'",
                "prepare plan as select 1",
                "call commit()",
                "analyze",
                "committed",
                "rollbacks",
                "create table savepoint (id int)",
                "alter table end add commit int",
                "do $$ begin commit; end $$",
                "do $body$ begin perform $$;commit;$$; end; $body$",
                "create function f() returns int begin atomic select 1; select 2; end; commit",
                "select ';commit;'",
                "select E'\\';commit;'",
                "select \";commit;\"",
                "select a$b$c from t; select $1",
                "create function f() returns int language plpgsql as $$ begin perform 1; return 2; end $$",
                "create function f() returns int language plpgsql as $f$ begin perform 1; return 2; end; $f$",
                "do $$ begin perform 1; end $$",
                "set transaction isolation level serializable",
                "start",
            })
    void otherStatementIsNot(String sql) {
        assertThat(read(sql)).isEmpty();
    }

    @Test
    void severalStatementsInOneTextAreReadInOrder() {
        assertThat(
                        read(
                                "savepoint a; insert into t values ('x;y'); create table u (i int); rollback to a;; commit; begin"))
                .isEqualTo("SAVEPOINT a, ROLLBACK_TO a, COMMIT, BEGIN");
        assertThat(read("select 'it''s;'; commit")).isEqualTo("COMMIT");
        assertThat(read("select a$b from t; commit")).isEqualTo("COMMIT");
    }

    @Test
    void statementsOfJooqAreRecognised() {
        var dsl = DSL.using(SQLDialect.POSTGRES);
        assertThat(List.of(
                        savepoint(dsl, "Mixed").getSQL(),
                        releaseSavepoint(dsl, "Mixed").getSQL(),
                        rollbackToSavepoint(dsl, "Mixed").getSQL(),
                        dsl.rollback().getSQL(),
                        startTransaction(dsl).getSQL(),
                        commit(dsl).getSQL()))
                .map(TransactionControlTest::read)
                .containsExactly(
                        "SAVEPOINT Mixed", "RELEASE Mixed", "ROLLBACK_TO Mixed", "ROLLBACK", "BEGIN", "COMMIT");
    }

    @Test
    void longNamesAreCutAsPostgresqlCutsThem() {
        assertThat(read("savepoint " + "x".repeat(70))).isEqualTo("SAVEPOINT " + "x".repeat(63));
        assertThat(read("savepoint \"" + "ä".repeat(32) + "\"")).isEqualTo("SAVEPOINT " + "ä".repeat(31));
    }

    private static String read(String sql) {
        return script(sql).controls().stream()
                .map(control -> control.kind() + (control.savepoint() == null ? "" : " " + control.savepoint()))
                .collect(Collectors.joining(", "));
    }

    private static Script script(String sql) {
        return Script.of(sql, Dialect.of(SQLDialect.POSTGRES));
    }
}
