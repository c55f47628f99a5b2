package dev.commithooks.durable;

import dev.commithooks.fixture.ChildJvms;
import dev.commithooks.fixture.ChildJvms.Child;
import dev.commithooks.fixture.TestDatabase;

/** Nodes on one database, each in a JVM of its own; those that are left are killed at the end. */
final class CrashNodes implements AutoCloseable {

    private final TestDatabase database;
    private final ChildJvms jvms = new ChildJvms();

    CrashNodes(TestDatabase database) {
        this.database = database;
    }

    /** Starts one; {@link CrashNode} knows what tasks there are. */
    Child start(String task) {
        return jvms.start(CrashNode.class, task, database.jdbcUrl(), database.user(), database.password());
    }

    @Override
    public void close() {
        jvms.close();
    }
}
