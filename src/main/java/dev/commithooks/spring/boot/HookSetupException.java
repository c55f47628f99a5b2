package dev.commithooks.spring.boot;

/** A bean with which hooks cannot be set up; the application does not start. */
public final class HookSetupException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String action;

    HookSetupException(String description, String action) {
        super(description + " " + action);
        this.action = action;
    }

    /** What to do about it. */
    public String action() {
        return action;
    }
}
