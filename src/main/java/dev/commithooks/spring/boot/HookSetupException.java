package dev.commithooks.spring.boot;

/** A bean with which hooks cannot be set up; the application does not start. */
public final class HookSetupException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String description;
    private final String action;

    HookSetupException(String description, String action) {
        super(description + " " + action);
        this.description = description;
        this.action = action;
    }

    /** What is wrong. */
    public String description() {
        return description;
    }

    /** What to do about it. */
    public String action() {
        return action;
    }
}
