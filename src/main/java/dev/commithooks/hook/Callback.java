package dev.commithooks.hook;

/** A piece of work at a transaction's boundary, registered ad hoc; see {@link CurrentTransaction}. */
@FunctionalInterface
public interface Callback {

    /** Runs on the transaction's thread. */
    void run() throws Exception;
}
