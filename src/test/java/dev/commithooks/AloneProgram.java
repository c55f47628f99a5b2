package dev.commithooks;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.postgresql.ds.PGSimpleDataSource;

/** A program with hooks, to be run where nothing optional is on the class path. */
final class AloneProgram {

    private static final PrintStream OUT = System.out;

    /** What stands for each optional library. */
    private static final Map<String, String> OPTIONAL = new LinkedHashMap<>();

    static {
        OPTIONAL.put("spring", "org.springframework.transaction.PlatformTransactionManager");
        OPTIONAL.put("jpa", "jakarta.persistence.EntityManager");
        OPTIONAL.put("jta", "jakarta.transaction.TransactionManager");
        OPTIONAL.put("scheduler", "com.github.kagkarlsson.scheduler.Scheduler");
        OPTIONAL.put("micrometer", "io.micrometer.core.instrument.MeterRegistry");
        OPTIONAL.put("junit", "org.junit.jupiter.api.Test");
    }

    private static final Set<String> INTEGRATIONS = Set.of("spring", "jta", "durable", "micrometer", "junit");

    private AloneProgram() {}

    /** Takes the folder of the library's classes, and the database's URL, user and password. */
    public static void main(String... args) throws Exception {
        OUT.println("not there: " + String.join(", ", absent()));
        load(Path.of(args[0]));
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setURL(args[1]);
        dataSource.setUser(args[2]);
        dataSource.setPassword(args[3]);
        DSLContext dsl = CommitHooks.builder()
                .on(
                        ACCOUNT,
                        on -> on.beforeCommitInsert((account, ctx) ->
                                        say("before", account.row().getOwner()))
                                .afterCommitInsert((account, ctx) ->
                                        say("after", account.row().getOwner()))
                                .failedCommitInsert((account, ctx) ->
                                        say("failed", account.row().getOwner())))
                .build()
                .attachTo(DSL.using(dataSource, SQLDialect.POSTGRES));
        dsl.transaction(tx -> open(tx, "ann"));
        try {
            dsl.transaction(tx -> {
                open(tx, "bob");
                throw new IllegalArgumentException("bob has no money");
            });
        } catch (IllegalArgumentException rolledBack) {
            // as the hook has said
        }
    }

    private static void say(String when, String owner) {
        OUT.println(when + " " + owner);
    }

    private static void open(Configuration tx, String owner) {
        tx.dsl().insertInto(ACCOUNT).set(ACCOUNT.OWNER, owner).execute();
    }

    private static List<String> absent() {
        return OPTIONAL.entrySet().stream()
                .filter(library -> {
                    try {
                        Class.forName(library.getValue());
                        return false;
                    } catch (ClassNotFoundException gone) {
                        return true;
                    }
                })
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Loads and initializes them, with the types of all their methods. */
    private static void load(Path classes) throws IOException, ClassNotFoundException {
        Path root = classes.resolve("dev/commithooks");
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(AloneProgram::isClass).toList()) {
                Path relative = root.relativize(file);
                if (relative.getNameCount() == 1
                        || !INTEGRATIONS.contains(relative.getName(0).toString())) {
                    String path = classes.relativize(file).toString();
                    Class.forName(path.substring(0, path.length() - ".class".length())
                                    .replace('/', '.'))
                            .getDeclaredMethods();
                }
            }
        }
        OUT.println("loaded: every class that is none of an integration's");
    }

    private static boolean isClass(Path file) {
        return file.toString().endsWith(".class") && !file.endsWith("package-info.class");
    }
}
