package dev.commithooks.resolver;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jooq.tools.jdbc.DefaultConnection;
import org.jspecify.annotations.Nullable;

/** A network before any server, that fails at COMMIT: at what a connection sends when {@code commit()} is called. */
final class FailingNetwork implements AutoCloseable {

    enum Fault {
        /** The connection breaks before COMMIT has arrived. */
        CUT_BEFORE_ARRIVAL,
        /** The connection breaks when the server answers COMMIT. */
        CUT_BEFORE_ANSWER,
        /** The client's side breaks, and COMMIT is on its way until it is delivered or lost. */
        HOLD_COMMIT
    }

    private final ServerSocket listener;
    private final int serverPort;
    private final Set<Socket> servers = ConcurrentHashMap.newKeySet();
    private final AtomicReference<@Nullable Fault> ordered = new AtomicReference<>();
    private final AtomicReference<@Nullable Fault> next = new AtomicReference<>();
    private final CountDownLatch happened = new CountDownLatch(1);
    private final CountDownLatch delivery = new CountDownLatch(1);

    FailingNetwork(int serverPort) throws IOException {
        this.serverPort = serverPort;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** The next commit meets with this. */
    void onNextCommit(Fault fault) {
        ordered.set(fault);
    }

    /** Whether the fault has happened. */
    boolean hasHappened() throws InterruptedException {
        return happened.await(60, TimeUnit.SECONDS);
    }

    /** The COMMIT that is on its way arrives. */
    void deliver() {
        delivery.countDown();
    }

    /** The COMMIT that is on its way is lost, and the server notices that the client has gone. */
    void lose() {
        servers.forEach(FailingNetwork::close);
        delivery.countDown();
    }

    /** A connection whose {@code commit()} is the one that meets with the fault. */
    Connection watched(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        connection.commit(); // H2 prepares COMMIT at the first one, which is a request of its own
        connection.setAutoCommit(true);
        return new DefaultConnection(connection) {
            @Override
            public void commit() throws SQLException {
                next.set(ordered.getAndSet(null));
                super.commit();
            }
        };
    }

    @Override
    public void close() {
        lose();
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = listener.accept();
            Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
            servers.add(server);
            AtomicReference<Boolean> losesAnswer = new AtomicReference<>(false);
            start(() -> requests(client, server, losesAnswer));
            start(() -> answers(client, server, losesAnswer));
        }
    }

    private void requests(Socket client, Socket server, AtomicReference<Boolean> losesAnswer)
            throws IOException, InterruptedException {
        byte[] buffer = new byte[64 * 1024];
        InputStream in = client.getInputStream();
        OutputStream out = server.getOutputStream();
        try {
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                Fault fault = next.getAndSet(null);
                if (fault == Fault.CUT_BEFORE_ARRIVAL) {
                    happened.countDown();
                    return;
                }
                losesAnswer.set(fault == Fault.CUT_BEFORE_ANSWER);
                if (fault == Fault.HOLD_COMMIT) {
                    close(client);
                    happened.countDown();
                    delivery.await();
                }
                out.write(buffer, 0, length);
                out.flush();
                if (fault == Fault.HOLD_COMMIT) {
                    server.getInputStream().read(); // its answer, which nobody waits for
                    return;
                }
            }
        } finally {
            close(client);
            close(server);
        }
    }

    private void answers(Socket client, Socket server, AtomicReference<Boolean> losesAnswer) throws IOException {
        byte[] buffer = new byte[64 * 1024];
        InputStream in = server.getInputStream();
        OutputStream out = client.getOutputStream();
        for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
            if (losesAnswer.get()) {
                happened.countDown();
                close(client);
                close(server);
                return;
            }
            out.write(buffer, 0, length);
            out.flush();
        }
        close(client);
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private static void start(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException | InterruptedException ended) {
                        // That is what a broken network looks like from inside.
                    }
                },
                "failing-network");
        thread.setDaemon(true);
        thread.start();
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException closed) {
            // Closed is closed.
        }
    }
}
