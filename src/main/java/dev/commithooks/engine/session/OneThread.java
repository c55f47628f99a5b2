package dev.commithooks.engine.session;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Lets threads in one after the other, and refuses one that comes while another is in. */
final class OneThread {

    private record Use(Thread thread, String what) {}

    private final AtomicReference<@Nullable Use> current = new AtomicReference<>();

    /** Does it, if no other thread is doing something. */
    <T extends @Nullable Object> T use(String what, Supplier<T> action) {
        Use mine = new Use(Thread.currentThread(), what);
        Use other = current.compareAndExchange(null, mine);
        if (other == null) {
            try {
                return action.get();
            } finally {
                current.set(null);
            }
        }
        if (other.thread() == Thread.currentThread()) {
            return action.get();
        }
        throw new IllegalStateException("A session is for one thread at a time: " + what + " was called by thread '"
                + mine.thread().getName() + "' while thread '" + other.thread().getName() + "' was in " + other.what()
                + "; nothing was done. Open a session for each thread.");
    }
}
