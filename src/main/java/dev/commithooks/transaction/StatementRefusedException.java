package dev.commithooks.transaction;

/**
 * A statement was not run, because no hook could have told the truth about it. Nothing was sent; the transaction, if there
 * is one, is as it was.
 */
public final class StatementRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Made where the statement is refused; the message says what to do instead. */
    public StatementRefusedException(String message) {
        super(message);
    }
}
