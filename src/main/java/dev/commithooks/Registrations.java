package dev.commithooks;

import dev.commithooks.change.ChangeType;
import dev.commithooks.engine.registry.BoundHook;
import dev.commithooks.engine.registry.HookMethod;
import dev.commithooks.engine.registry.Registration;
import dev.commithooks.engine.registry.Registry;
import dev.commithooks.hook.CommitHook;
import dev.commithooks.hook.HookOptions;
import dev.commithooks.row.TableName;
import dev.commithooks.spi.CommitParticipant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.TableRecord;
import org.jspecify.annotations.Nullable;

/** The hooks of one builder, in the order of their registration. What could never be called is refused here. */
final class Registrations {

    private final List<Registration> all = new ArrayList<>();
    private final DurableRegistrations durable = new DurableRegistrations();

    List<Registration> all() {
        return all;
    }

    /** Those whose calls are stored, and the durable callbacks. */
    DurableRegistrations durable() {
        return durable;
    }

    /** The table itself, where an alias is given. */
    static Table<?> base(@Nullable Table<?> table) {
        return Registry.baseOf(Objects.requireNonNull(table, "table"));
    }

    void add(@Nullable Table<?> table, @Nullable CommitHook<?> hook, @Nullable HookOptions options) {
        addOfOneTable(List.of(Registration.of(base(table), checked(hook), checked(options))));
    }

    <R extends Record> void add(
            @Nullable Table<R> table, @Nullable HookOptions options, @Nullable Consumer<HookLambdas<R>> lambdas) {
        HookLambdas<R> collected = new HookLambdas<>(base(table), checked(options));
        Objects.requireNonNull(lambdas, "lambdas").accept(collected);
        if (collected.registrations().isEmpty()) {
            throw new IllegalArgumentException("on(" + table
                    + ", ...) registered nothing: call a method of the argument, for instance afterCommitInsert");
        }
        addOfOneTable(collected.registrations());
    }

    void addForAllBut(Table<?>[] except, @Nullable CommitHook<?> hook, @Nullable HookOptions options) {
        HookOptions given = checked(options);
        if (given.isDurable()) {
            throw new IllegalArgumentException("Hook '" + given.name().orElseThrow()
                    + "' cannot be durable for all tables: a node that delivers must know whose rows it reads."
                    + " Register it for each of its tables, under a name for each");
        }
        Set<Table<?>> excepted = new HashSet<>();
        for (Table<?> table : except) {
            excepted.add(base(table));
        }
        add(Registration.forAllBut(excepted, checked(hook), given));
    }

    /** Has the rows of a participant's tables recorded: a table with any hook is, and this one does nothing. */
    void addForRecordingOnly(CommitParticipant participant) {
        HookOptions named = HookOptions.named(participant.toString());
        for (Table<?> table : participant.tables()) {
            add(Registration.of(base(table), HookMethod.AFTER_SET, (changes, ctx) -> {}, named));
        }
    }

    private static CommitHook<?> checked(@Nullable CommitHook<?> hook) {
        return Objects.requireNonNull(hook, "hook");
    }

    private static HookOptions checked(@Nullable HookOptions options) {
        return Objects.requireNonNull(options, "options");
    }

    /** Adds what was registered by one call, and so has one table and, if it is durable, one name. */
    private void addOfOneTable(List<Registration> together) {
        Registration first = together.get(0);
        if (first.durable()) {
            List<BoundHook> methods = together.stream()
                    .flatMap(registration -> registration.hooks().stream())
                    .toList();
            durable.add(Objects.requireNonNull(first.table()), first.name(), methods);
        }
        together.forEach(this::add);
    }

    private void add(Registration registration) {
        Table<?> table = registration.table();
        if (table != null) {
            refuseIfNeverCalled(registration, table);
        }
        if (all.stream().anyMatch(registration::repeats)) {
            throw new IllegalArgumentException("Hook '" + registration.name() + "' is registered already for "
                    + (table == null ? "one of these tables" : TableName.of(table))
                    + ", and would be called twice for each change. Register it once, or another object of its class");
        }
        all.add(registration);
    }

    private static void refuseIfNeverCalled(Registration registration, Table<?> table) {
        String never = "Hook '" + registration.name() + "' on " + table + " would never be called: ";
        if (!TableRecord.class.isAssignableFrom(table.getRecordType())) {
            throw new IllegalArgumentException(never
                    + "its records cannot be stored. Register a generated table, or one whose record type is a"
                    + " TableRecord");
        }
        if (table.getPrimaryKey() == null
                && registration.hooks().stream().noneMatch(hook -> hook.method().takes(ChangeType.INSERT))) {
            throw new IllegalArgumentException(
                    never + "the table has no primary key, so its records can only be inserted");
        }
    }
}
