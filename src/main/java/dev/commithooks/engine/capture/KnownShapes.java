package dev.commithooks.engine.capture;

import dev.commithooks.engine.dialect.Dialect;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jooq.ExecuteContext;
import org.jspecify.annotations.Nullable;

/** The shapes of statements, remembered by dialect and text. Thread-safe. */
final class KnownShapes {

    private static final int REMEMBERED = 2_000;

    /** A longer text is not kept: it has its values in it, and will not come again. */
    static final int LONGEST = 4_000;

    private final Map<Dialect, Map<String, Optional<DmlShape>>> known = new ConcurrentHashMap<>();

    /** The shape of a statement; null if it is no DML. */
    @Nullable
    DmlShape of(ExecuteContext ctx, String sql) {
        Dialect dialect = Dialect.of(ctx);
        Map<String, Optional<DmlShape>> ofDialect = known.computeIfAbsent(dialect, first -> new ConcurrentHashMap<>());
        Optional<DmlShape> shape = ofDialect.get(sql);
        if (shape == null) {
            shape = Optional.ofNullable(DmlShape.of(sql, dialect));
            if (sql.length() <= LONGEST && ofDialect.size() < REMEMBERED) {
                ofDialect.put(sql, shape);
            }
        }
        return shape.orElse(null);
    }
}
