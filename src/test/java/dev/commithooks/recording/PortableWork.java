package dev.commithooks.recording;

import dev.commithooks.fixture.Product;
import java.util.Set;
import java.util.function.Function;
import org.jooq.DSLContext;
import org.jooq.conf.Settings;

/**
 * What a {@link PortableStatement} does.
 *
 * @param told the databases on which hooks are told of its rows
 */
record PortableWork(Set<Product> told, Function<Settings, Settings> settings, Function<DSLContext, Object> statement) {

    String run(DSLContext dsl) {
        try {
            return String.valueOf(statement.apply(Shop.with(dsl, settings::apply)));
        } catch (RuntimeException e) {
            return e.getClass().getSimpleName() + ": "
                    + String.valueOf(e.getMessage()).replaceAll("conn=\\d+", "conn");
        }
    }
}
