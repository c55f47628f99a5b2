package delivery;

import static dev.commithooks.bookshop.shop.Tables.PURCHASE;
import static java.lang.System.out;

import database.ExampleDatabase;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.postgresql.ds.PGSimpleDataSource;

/** A shop that mails, a mail server that fails, and somebody who pulls the plug: every order is confirmed all the same. */
public final class Delivery {

    private static final int ORDERS = 10;

    private Delivery() {}

    public static void main(String... args) {
        try (ExampleDatabase database = ExampleDatabase.open(args)) {
            PGSimpleDataSource dataSource = (PGSimpleDataSource) database.dataSource();
            String file = Files.createTempDirectory("mails").resolve("sent").toString();
            MailServer mail = new MailServer(file);

            out.println("a shop takes " + ORDERS + " orders; the mail server refuses every other mail at first");
            killAfterThreeMails(shop(dataSource, file, ORDERS));
            out.println("kill -9, after 3 mails");

            Process again = shop(dataSource, file, ORDERS - orders(dataSource));
            waitUntilAllAreMailed(mail, again);
            again.destroyForcibly().waitFor();
            out.println("started again");
            out.println(orders(dataSource) + " orders, "
                    + mail.sent().stream().distinct().count() + " of them confirmed");
        } catch (IOException e) {
            throw new IllegalStateException("no shop", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int orders(PGSimpleDataSource dataSource) {
        return DSL.using(dataSource, SQLDialect.POSTGRES).fetchCount(PURCHASE);
    }

    /** A node in a JVM of its own. */
    private static Process shop(PGSimpleDataSource dataSource, String mails, int orders) throws IOException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Shop.class.getName(),
                dataSource.getURL(),
                dataSource.getUser(),
                String.valueOf(dataSource.getPassword()),
                mails,
                String.valueOf(orders));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static void killAfterThreeMails(Process shop) throws IOException, InterruptedException {
        try (BufferedReader lines = shop.inputReader()) {
            for (int mails = 0; mails < 3; ) {
                String line = lines.readLine();
                if (line == null) {
                    throw new IllegalStateException("the shop has ended by itself");
                }
                mails += line.startsWith("mailed ") ? 1 : 0;
            }
        }
        shop.destroyForcibly().waitFor();
    }

    private static void waitUntilAllAreMailed(MailServer mail, Process shop) {
        while (mail.sent().stream().distinct().count() < ORDERS) {
            if (!shop.isAlive()) {
                throw new IllegalStateException("the shop has ended by itself");
            }
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }
}
