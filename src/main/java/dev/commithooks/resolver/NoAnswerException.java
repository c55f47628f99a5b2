package dev.commithooks.resolver;

import java.sql.SQLException;

/** The database has answered, but what it says proves nothing, and will not however often it is asked. */
final class NoAnswerException extends SQLException {

    private static final long serialVersionUID = 1L;

    NoAnswerException(String message) {
        super(message);
    }
}
