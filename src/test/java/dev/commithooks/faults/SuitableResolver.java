package dev.commithooks.faults;

import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.resolver.MarkerOutcomeResolver;
import dev.commithooks.resolver.PostgresOutcomeResolver;
import dev.commithooks.spi.OutcomeResolver;
import java.time.Duration;
import org.jooq.DSLContext;

/** The resolver that the manual recommends for a database: PostgreSQL is asked itself, elsewhere there are markers. */
final class SuitableResolver {

    private static final Duration LONG = Duration.ofSeconds(60);

    private SuitableResolver() {}

    /** Makes what a resolver needs; the fixture empties all tables before each test. */
    static void prepare(TestDatabase database) {
        if (!database.product().can(Ability.POSTGRESQL)) {
            createMarkerTables(database);
        }
    }

    static void createMarkerTables(TestDatabase database) {
        DSLContext real = database.dsl(database.realDataSource());
        real.execute("drop table if exists commit_marker");
        real.execute("drop table if exists commit_marker_home");
        MarkerOutcomeResolver.ddl(database.dialect()).forEach(real::execute);
    }

    /** One that asks for as long as a test has patience. */
    static OutcomeResolver of(TestDatabase database) {
        return of(database, LONG);
    }

    static OutcomeResolver of(TestDatabase database, Duration deadline) {
        return database.product().can(Ability.POSTGRESQL)
                ? PostgresOutcomeResolver.builder(database.simpleDataSource())
                        .deadline(deadline)
                        .build()
                : MarkerOutcomeResolver.builder(database.realDataSource())
                        .deadline(deadline)
                        .sweepOn(work -> {})
                        .build();
    }
}
