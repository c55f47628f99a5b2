package dev.commithooks.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A network between pgjdbc and PostgreSQL that fails at COMMIT. Knows the first COMMIT of a connection by its text; pgjdbc may
 * prepare it then, and send the text no more.
 */
public final class TcpProxy implements AutoCloseable {

    /** What happens to the next COMMIT. */
    public enum Fault {
        /** The connection breaks before COMMIT reaches the server. */
        CUT_BEFORE_ARRIVAL,
        /** The server has executed COMMIT; the connection breaks before the answer reaches the client. */
        CUT_BEFORE_ANSWER,
        /** COMMIT is held back until {@link TcpProxy#deliver()}, even if the client has gone meanwhile. */
        HOLD_COMMIT,
        /** The server has executed COMMIT; the answer is held back until {@link TcpProxy#deliver()}. */
        HOLD_ANSWER
    }

    private static final byte[] COMMIT = "COMMIT\0".getBytes(StandardCharsets.US_ASCII);

    private final PGSimpleDataSource target;
    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicReference<@Nullable Fault> armed = new AtomicReference<>();
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch delivery = new CountDownLatch(1);

    private TcpProxy(PGSimpleDataSource target) throws IOException {
        this.target = target;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    /** A proxy before the database's server. */
    public static TcpProxy before(TestDatabase database) {
        try {
            return new TcpProxy((PGSimpleDataSource) database.simpleDataSource());
        } catch (IOException e) {
            throw new UncheckedIOException("no port for a proxy", e);
        }
    }

    /** Connects through the proxy. */
    public PGSimpleDataSource dataSource() {
        PGSimpleDataSource through = new PGSimpleDataSource();
        through.setURL(target.getURL());
        through.setUser(target.getUser());
        through.setPassword(target.getPassword());
        through.setServerNames(new String[] {listener.getInetAddress().getHostAddress()});
        through.setPortNumbers(new int[] {listener.getLocalPort()});
        through.setSslMode("disable");
        return through;
    }

    /** Lets the next COMMIT meet with a fault, once. */
    public void onNextCommit(Fault fault) {
        armed.set(fault);
    }

    /** Waits until the fault has happened. */
    public void awaitFault() throws InterruptedException {
        if (!reached.await(60, TimeUnit.SECONDS)) {
            throw new IllegalStateException("no COMMIT came by");
        }
    }

    /** Lets through what is held back. */
    public void deliver() {
        delivery.countDown();
    }

    /** Breaks all connections. */
    public void cut() {
        sockets.forEach(TcpProxy::close);
    }

    @Override
    public void close() {
        deliver();
        cut();
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = listener.accept();
            Socket server = new Socket(Objects.requireNonNull(target.getServerNames())[0], target.getPortNumbers()[0]);
            sockets.add(client);
            sockets.add(server);
            new Link(client, server).start();
        }
    }

    private final class Link {

        private final Socket client;
        private final Socket server;
        private volatile @Nullable Fault answerFault;

        Link(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        void start() {
            TcpProxy.start(() -> pump(client, server, this::meetRequest));
            TcpProxy.start(() -> pump(server, client, this::meetAnswer));
        }

        private interface Meeting {
            void with(byte[] buffer, int length) throws IOException, InterruptedException;
        }

        private void pump(Socket from, Socket to, Meeting meeting) throws IOException, InterruptedException {
            try (from;
                    to) {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                byte[] buffer = new byte[64 * 1024];
                int length;
                while ((length = in.read(buffer)) >= 0) {
                    meeting.with(buffer, length);
                    out.write(buffer, 0, length);
                    out.flush();
                }
            } finally {
                sockets.remove(from);
            }
        }

        private void meetRequest(byte[] buffer, int length) throws IOException, InterruptedException {
            if (armed.get() == null || !contains(buffer, length)) {
                return;
            }
            Fault fault = armed.getAndSet(null);
            if (fault == Fault.CUT_BEFORE_ARRIVAL) {
                breakOff();
            } else if (fault == Fault.HOLD_COMMIT) {
                reached.countDown();
                delivery.await();
            } else {
                answerFault = fault;
            }
        }

        private void meetAnswer(byte[] buffer, int length) throws IOException, InterruptedException {
            if (answerFault == Fault.CUT_BEFORE_ANSWER) {
                breakOff();
            } else if (answerFault == Fault.HOLD_ANSWER) {
                reached.countDown();
                delivery.await();
            }
        }

        private void breakOff() throws IOException {
            TcpProxy.close(client);
            TcpProxy.close(server);
            reached.countDown();
            throw new IOException("broken off");
        }
    }

    private static boolean contains(byte[] buffer, int length) {
        for (int start = 0; start + COMMIT.length <= length; start++) {
            int i = 0;
            while (i < COMMIT.length && buffer[start + i] == COMMIT[i]) {
                i++;
            }
            if (i == COMMIT.length) {
                return true;
            }
        }
        return false;
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
                "tcp-proxy");
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
