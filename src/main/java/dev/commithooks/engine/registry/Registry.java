package dev.commithooks.engine.registry;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jooq.Schema;
import org.jooq.Table;
import org.jooq.impl.CustomTable;
import org.jooq.impl.TableImpl;
import org.jspecify.annotations.Nullable;

/**
 * Finds what is registered for a table. A generated table is found by its class, which it shares with its aliases, in a few
 * nanoseconds; any other by equality. Thread-safe; immutable but for what it remembers of the tables it was asked for.
 */
public final class Registry {

    private static final int REMEMBERED = 10_000;

    private final List<Registration> registrations;
    private final RowPolicies policies;
    private final boolean servesAll;
    private final Map<Table<?>, Optional<HookedTable>> byEquality = new ConcurrentHashMap<>();

    /** The generated schemas of the tables that were registered or asked for. */
    private final Set<Schema> schemas = ConcurrentHashMap.newKeySet();

    /** By class, for generated tables; what is no generated table is looked up by equality. */
    private final ClassValue<Entry> byClass = new ClassValue<>() {
        @Override
        protected Entry computeValue(Class<?> tableClass) {
            Table<?> singleton = singletonOf(tableClass);
            if (singleton != null) {
                remember(singleton);
            }
            return new Entry(singleton != null, singleton == null ? null : bind(singleton));
        }
    };

    private record Entry(boolean generated, @Nullable HookedTable hooked) {}

    /**
     * Binds hooks to tables.
     *
     * @param registrations all hooks in registration order
     * @param policies how their rows are recorded
     */
    public Registry(List<Registration> registrations, RowPolicies policies) {
        this.registrations = List.copyOf(registrations);
        this.policies = policies;
        this.servesAll = registrations.stream().anyMatch(registration -> registration.table() == null);
        for (Registration registration : registrations) {
            if (registration.table() != null) {
                remember(registration.table());
            }
            registration.except().forEach(this::remember);
        }
    }

    private void remember(Table<?> table) {
        Schema schema = table.getSchema();
        if (schema != null) {
            schemas.add(schema);
        }
    }

    /** The table's hooks, or null when it has none; an alias has its table's. */
    public @Nullable HookedTable find(Table<?> table) {
        Entry entry = byClass.get(table.getClass());
        return entry.generated ? entry.hooked : findByEquality(table);
    }

    /**
     * The hooks of a table that is known by its name only, from plain SQL. A table that is served by hooks for all tables alone is
     * found if it is generated together with one that was registered or asked for, and if no other has its name.
     *
     * @param schema the schema's name; null when it was not said
     * @param name the table's name
     */
    public @Nullable HookedTable find(@Nullable String schema, String name) {
        for (Registration registration : registrations) {
            Table<?> table = registration.table();
            if (table != null && table.getName().equalsIgnoreCase(name) && isIn(schema, table)) {
                return find(table);
            }
        }
        Table<?> generated = servesAll ? generated(schema, name) : null;
        return generated == null ? null : find(generated);
    }

    private @Nullable Table<?> generated(@Nullable String schema, String name) {
        Table<?> found = null;
        for (Schema one : schemas) {
            for (Table<?> table : one.getTables()) {
                if (table.getName().equalsIgnoreCase(name) && isIn(schema, table)) {
                    if (found != null) {
                        return null;
                    }
                    found = table;
                }
            }
        }
        return found;
    }

    /** A table without a schema, or generated for the default one, may be in any. */
    private static boolean isIn(@Nullable String schema, Table<?> table) {
        String its = table.getSchema() == null ? "" : table.getSchema().getName();
        return schema == null || its.isEmpty() || its.equalsIgnoreCase(schema);
    }

    private @Nullable HookedTable findByEquality(Table<?> table) {
        Optional<HookedTable> known = byEquality.get(table);
        if (known == null) {
            known = Optional.ofNullable(bind(table));
            if (byEquality.size() < REMEMBERED) { // tables made at run time may have any number of names
                byEquality.put(table, known);
            }
        }
        return known.orElse(null);
    }

    private @Nullable HookedTable bind(Table<?> table) {
        List<BoundHook> bound = registrations.stream()
                .filter(registration -> registration.serves(table))
                .sorted(Comparator.comparingInt(Registration::order))
                .flatMap(registration -> registration.hooks().stream())
                .toList();
        return bound.isEmpty() ? null : new HookedTable(table, policies, bound);
    }

    /** All hooks in registration order. */
    public List<Registration> registrations() {
        return registrations;
    }

    /** The table behind an alias; any other table itself. */
    public static Table<?> baseOf(Table<?> table) {
        Table<?> singleton = singletonOf(table.getClass());
        return singleton == null ? table : singleton;
    }

    /** The constant that the code generator puts into a table's class; null for any other class. */
    private static @Nullable Table<?> singletonOf(Class<?> tableClass) {
        if (!TableImpl.class.isAssignableFrom(tableClass) || CustomTable.class.isAssignableFrom(tableClass)) {
            return null;
        }
        for (Field field : tableClass.getFields()) {
            if (field.getType() == tableClass && Modifier.isStatic(field.getModifiers())) {
                try {
                    return (Table<?>) field.get(null);
                } catch (IllegalAccessException e) {
                    throw new IllegalStateException(field + " cannot be read; open its package to dev.commithooks", e);
                }
            }
        }
        return null;
    }
}
