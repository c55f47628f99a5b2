package twodatabases;

import static dev.commithooks.bookshop.shop.Tables.PURCHASE;
import static dev.commithooks.bookshop.shop.Tables.STOCK;
import static java.lang.System.out;

import database.ExampleDatabase;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * An order in one PostgreSQL and its stock in another, in one transaction. Somebody pulls the plug between their commits; when the
 * shop is started again, both agree.
 */
public final class TwoDatabases {

    private TwoDatabases() {}

    /** Takes nothing, or URL, user and password of both databases. */
    public static void main(String... args) {
        try (ExampleDatabase orders = ExampleDatabase.open(part(0, args));
                ExampleDatabase stock = ExampleDatabase.open(part(1, args))) {
            Path log = Files.createTempDirectory("transactions");
            DSL.using(stock.dataSource(), SQLDialect.POSTGRES)
                    .insertInto(STOCK, STOCK.ISBN, STOCK.QUANTITY)
                    .values("9780575084582", 5)
                    .execute();
            print("five copies are in stock", orders, stock);

            run(Shop.ORDER, log, orders, stock);
            print("kill -9 during an order of two, between the two commits", orders, stock);

            run(Shop.RECOVER, log, orders, stock);
            print("started again", orders, stock);
        } catch (IOException e) {
            throw new IllegalStateException("no shop", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String[] part(int database, String... args) {
        return Stream.of(args).skip(database * 3L).limit(3).toArray(String[]::new);
    }

    /** Runs the shop in a JVM of its own, and prints what it says. */
    private static void run(String task, Path log, ExampleDatabase orders, ExampleDatabase stock)
            throws IOException, InterruptedException {
        Stream<String> java = Stream.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Shop.class.getName(),
                task,
                log.toString());
        List<String> command = Stream.of(java, address(orders), address(stock))
                .flatMap(words -> words)
                .toList();
        Process shop = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader lines = shop.inputReader()) {
            String line = lines.readLine();
            while (line != null && !line.equals(Plug.PULLED)) {
                out.println("  " + line);
                line = lines.readLine();
            }
            if (line == null && shop.waitFor() != 0) {
                throw new IllegalStateException("the shop has failed to " + task);
            }
            shop.destroyForcibly().waitFor();
        }
    }

    private static Stream<String> address(ExampleDatabase database) {
        PGSimpleDataSource dataSource = (PGSimpleDataSource) database.dataSource();
        return Stream.of(dataSource.getURL(), dataSource.getUser(), String.valueOf(dataSource.getPassword()));
    }

    private static void print(String when, ExampleDatabase orders, ExampleDatabase stock) {
        DSLContext ofOrders = DSL.using(orders.dataSource(), SQLDialect.POSTGRES);
        DSLContext ofStock = DSL.using(stock.dataSource(), SQLDialect.POSTGRES);
        out.printf(
                "%s%n  orders: %d%s%n  copies: %d%s%n",
                when,
                ofOrders.fetchCount(PURCHASE),
                prepared(ofOrders),
                ofStock.select(STOCK.QUANTITY).from(STOCK).fetchSingle(STOCK.QUANTITY),
                prepared(ofStock));
    }

    private static String prepared(DSLContext dsl) {
        long count = dsl.fetchSingle("select count(*) from pg_prepared_xacts where database = current_database()")
                .get(0, long.class);
        return count == 0 ? "" : ", and " + count + " transaction prepared";
    }
}
