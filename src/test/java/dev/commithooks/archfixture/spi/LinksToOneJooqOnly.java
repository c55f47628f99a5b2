package dev.commithooks.archfixture.spi;

import org.jooq.DSLContext;
import org.jooq.Query;

/** Calls a method whose return type changed in jOOQ 3.20. */
public interface LinksToOneJooqOnly {
    default Query savepoint(DSLContext dsl) {
        return dsl.savepoint("s");
    }
}
