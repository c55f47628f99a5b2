package dev.commithooks.engine.session;

import java.lang.ref.Cleaner;

/** Warns when a session is garbage and a transaction of it is still open. */
public final class SessionLeak implements Runnable {

    private static final System.Logger LOG = System.getLogger("dev.commithooks");
    private static final Cleaner CLEANER = Cleaner.create();

    private final Session session;
    private final String openedAt;

    private SessionLeak(Session session, String openedAt) {
        this.session = session;
        this.openedAt = openedAt;
    }

    /**
     * Watches over a session.
     *
     * @param handle what the user has of the session; nothing in the session leads to it
     * @return to be called when the session is closed
     */
    public static Runnable watch(Object handle, Session session, String openedAt) {
        return CLEANER.register(handle, new SessionLeak(session, openedAt))::clean;
    }

    @Override
    public void run() {
        if (session.isOpen()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "A session that was opened at {0} was never closed, and nobody has it any more: its transaction is"
                            + " open, and its connection not given back. Open sessions in try (...).",
                    openedAt);
        }
    }
}
