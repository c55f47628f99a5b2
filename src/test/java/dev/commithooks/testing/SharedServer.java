package dev.commithooks.testing;

import java.util.Locale;
import org.jooq.Constants;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * Chooses the server that the tests share and says in one line which it took.
 *
 * <p>The system property {@code commithooks.test.database} forces one of
 *
 * <ul>
 *   <li>{@code url}: the server at {@code commithooks.test.url}, as {@code commithooks.test.user} with {@code
 *       commithooks.test.password};
 *   <li>{@code testcontainers}: a container of the image {@code commithooks.test.image};
 *   <li>{@code embedded}: a PostgreSQL out of a jar.
 * </ul>
 *
 * Its default, {@code auto}, takes the first of them that is there.
 */
final class SharedServer {

    private static final String DATABASE = "commithooks.test.database";
    private static final String URL = "commithooks.test.url";

    private SharedServer() {}

    static TestServer start() {
        String wanted = System.getProperty(DATABASE, "auto").toLowerCase(Locale.ROOT);
        return switch (wanted) {
            case "url" -> given();
            case "testcontainers" -> container();
            case "embedded" -> embedded("");
            case "auto" -> firstAvailable();
            default ->
                throw new IllegalArgumentException(
                        DATABASE + " is '" + wanted + "', but must be url, testcontainers, embedded or auto");
        };
    }

    private static TestServer firstAvailable() {
        if (System.getProperty(URL) != null) {
            return given();
        }
        // Asks the engine: the docker command may be there without one.
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            return embedded("");
        }
        try {
            return container();
        } catch (RuntimeException e) {
            return embedded(" (a container engine answered, but: " + e.getMessage() + ")");
        }
    }

    private static TestServer given() {
        String url = System.getProperty(URL);
        if (url == null) {
            throw new IllegalArgumentException(DATABASE + " is 'url', but " + URL + " is not set");
        }
        TestServer server = new TestServer(
                url,
                System.getProperty("commithooks.test.user", "postgres"),
                System.getProperty("commithooks.test.password", ""));
        atExit(server::dropTemplate);
        return announce(server, "given by " + URL, "");
    }

    @SuppressWarnings("resource") // lives as long as the JVM
    private static TestServer container() {
        String image = System.getProperty("commithooks.test.image", "postgres:17-alpine");
        PostgreSQLContainer container = new PostgreSQLContainer(image)
                .withUsername("postgres")
                .withCommand(
                        "postgres",
                        "-c",
                        "fsync=off",
                        "-c",
                        "max_connections=200",
                        "-c",
                        "max_prepared_transactions=64");
        container.start();
        atExit(container::stop);
        return announce(
                new TestServer(container.getJdbcUrl(), container.getUsername(), container.getPassword()),
                "Testcontainers, image " + image,
                "");
    }

    private static TestServer embedded(String why) {
        String url = EmbeddedServer.url(EmbeddedServer.start(EmbeddedServer.builder()));
        return announce(new TestServer(url, EmbeddedServer.USER, EmbeddedServer.PASSWORD), "embedded", why);
    }

    @SuppressWarnings("SystemOut") // the one line that tells whoever runs the tests what they ran on
    private static TestServer announce(TestServer server, String way, String why) {
        System.out.printf(
                "Tests' database: %s, PostgreSQL %s; jOOQ %s, Java %s%s%n",
                way, server.version(), jooqVersion(), System.getProperty("java.version"), why);
        return server;
    }

    /** By reflection, because the compiler would copy the constant of the version it sees. */
    private static String jooqVersion() {
        try {
            return String.valueOf(Constants.class.getField("FULL_VERSION").get(null));
        } catch (ReflectiveOperationException e) {
            return "of unknown version";
        }
    }

    private static void atExit(Runnable action) {
        Runtime.getRuntime().addShutdownHook(new Thread(action, "tests-database-exit"));
    }
}
