package dev.commithooks.hook;

/** What is to be done at a boundary, registered ad hoc; see {@link CurrentTransaction}. */
@FunctionalInterface
public interface Callback {

    /** Runs on the transaction's thread. */
    void run() throws Exception;
}
