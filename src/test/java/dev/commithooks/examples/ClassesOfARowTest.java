package dev.commithooks.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jooq.TransactionProvider;
import org.junit.jupiter.api.Test;

/** The classes of the library of which a method runs when a record is stored and committed. */
@Database
@Needs(Ability.POSTGRESQL)
@NeedsRealCommits("its connections are of a library that is loaded once more")
class ClassesOfARowTest {

    private static final String ENGINE = "dev/commithooks/engine/";

    private final TestDatabase database;

    ClassesOfARowTest(TestDatabase database) {
        this.database = database;
    }

    @Test
    @SuppressWarnings("unchecked")
    void areThoseThatTheDecisionsName() throws Exception {
        CountedLibrary library = new CountedLibrary(StoredRow.class);
        AtomicInteger told = new AtomicInteger();
        Runnable transaction = ((BiFunction<DataSource, Runnable, Runnable>) library.newProgram())
                .apply(database.pool(1), told::incrementAndGet);
        transaction.run(); // loads what is loaded once
        transaction.run();

        Set<String> classes = library.classesRunBy(transaction);

        assertThat(told).hasValue(3);
        assertThat(database.journal()).hasSize(3);
        assertThat(classes.stream().filter(name -> name.startsWith(ENGINE)).map(ClassesOfARowTest::simple))
                .containsExactlyInAnyOrderElementsOf(concat(WayOfARowTest.classes(), ofThisJooq()));
        assertThat(classes).hasSize(WayOfARowTest.said() + ofThisJooq().size());
    }

    /** From 3.21 on jOOQ asks a provider for its properties. */
    private static List<String> ofThisJooq() {
        return Stream.of(TransactionProvider.class.getMethods())
                .filter(method -> method.getName().equals("properties"))
                .map(method -> "TransactionProperties")
                .toList();
    }

    private static List<String> concat(Collection<String> some, List<String> more) {
        return Stream.concat(some.stream(), more.stream()).toList();
    }

    /** A class's name without its package; a nested one's is the one of the class around it. */
    private static String simple(String name) {
        return name.substring(name.lastIndexOf('/') + 1).replaceFirst("\\$.*", "");
    }
}
