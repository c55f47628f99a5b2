package dev.commithooks.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.engine.connection.CommitFailure;
import dev.commithooks.engine.dialect.Dialect;
import java.io.IOException;
import java.sql.SQLException;
import org.jooq.SQLDialect;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommitFailureTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"23503", "23505", "40001", "40P01", "40002", "25P02", "25P03", "53300", "57014", "P0001", "55P03"
            })
    void serversAnswerProvesRollback(String sqlState) {
        assertThat(provesRollback(new SQLException("refused", sqlState))).isTrue();
        assertThat(provesRollback(new DataAccessException("wrapped", new SQLException("refused", sqlState))))
                .isTrue();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "58030", "58P01", "53100", "53200", "53000", "F0000", "57P04", "57P05", "25P04", "02000", "01000",
                "00000", "08006", "08003", "08001", "08S01", "57P01", "57P02", "57P03", "40003", "25P01", "XX000",
                "99999", "HY000", "", "23"
            })
    void anythingElseProvesNothing(String sqlState) {
        assertThat(provesRollback(new SQLException("lost", sqlState))).isFalse();
    }

    @Test
    void exceptionThatIsNoServersProvesNothing() {
        assertThat(provesRollback(new IOException("reset"))).isFalse();
        assertThat(provesRollback(new StackOverflowError())).isFalse();
    }

    @Test
    void causesInACircleEnd() {
        RuntimeException first = new RuntimeException("first");
        first.initCause(new RuntimeException("second", first));

        assertThat(provesRollback(first)).isFalse();
    }

    private static boolean provesRollback(Throwable failure) {
        return CommitFailure.provesRollback(failure, Dialect.of(SQLDialect.POSTGRES));
    }
}
