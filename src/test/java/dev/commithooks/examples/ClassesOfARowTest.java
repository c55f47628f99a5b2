package dev.commithooks.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import java.util.SortedSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** The number of the library's classes that a stored row and its commit pass. */
@Database
@Needs(Ability.POSTGRESQL)
@NeedsRealCommits("its connections are of a library that is loaded once more")
class ClassesOfARowTest {

    private final TestDatabase database;

    ClassesOfARowTest(TestDatabase database) {
        this.database = database;
    }

    @Test
    @SuppressWarnings("unchecked")
    void areAsManyAsTheDecisionsSay() throws Exception {
        CountedLibrary library = new CountedLibrary(StoredRow.class);
        AtomicInteger told = new AtomicInteger();
        Runnable transaction = ((BiFunction<DataSource, Runnable, Runnable>) library.newProgram())
                .apply(database.pool(1), told::incrementAndGet);
        transaction.run(); // loads what is loaded once
        transaction.run();

        SortedSet<String> classes = library.classesRunBy(transaction);

        System.out.println(classes.size() + "\n" + String.join("\n", classes));
        assertThat(told).hasValue(3);
        assertThat(database.journal()).hasSize(3);
        assertThat(classes).hasSize(58);
    }
}
