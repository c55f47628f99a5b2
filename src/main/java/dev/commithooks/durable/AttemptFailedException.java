package dev.commithooks.durable;

/** An attempt that failed, on its way to the handler of failures, with the parcel as the attempt left it. */
final class AttemptFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient String parcel;
    private final boolean hopeless;

    /**
     * A failure.
     *
     * @param parcel the parcel's text, with what is done and what went wrong
     * @param hopeless whether another attempt can only end the same way
     */
    AttemptFailedException(String parcel, boolean hopeless, Throwable cause) {
        super(cause);
        this.parcel = parcel;
        this.hopeless = hopeless;
    }

    String parcel() {
        return parcel;
    }

    boolean isHopeless() {
        return hopeless;
    }
}
