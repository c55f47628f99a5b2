package dev.commithooks.boundary;

import static dev.commithooks.bookshop.shop.Tables.STOCK;

import dev.commithooks.engine.log.Folding;
import dev.commithooks.engine.log.RowChange;
import dev.commithooks.engine.log.Write;
import dev.commithooks.engine.registry.BoundHook;
import dev.commithooks.engine.registry.HookMethod;
import dev.commithooks.engine.registry.HookedTable;
import dev.commithooks.engine.registry.Registration;
import dev.commithooks.engine.registry.Registry;
import dev.commithooks.engine.registry.RowPolicies;
import dev.commithooks.policy.BucketMode;
import dev.commithooks.row.RowVersions;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jooq.Table;

/** Tables with a hook, and writes of theirs as changes. */
abstract class FoldingFixture {

    static final Object UNKNOWN = RowVersions.UNKNOWN;
    static final HookedTable TABLE = hooked(STOCK);

    static HookedTable hooked(Table<?> table) {
        BoundHook hook = new BoundHook("any", 0, HookMethod.AFTER_SET, (payload, ctx) -> {}, false);
        Registration registration = new Registration(table, Set.of(), "any", 0, false, hook, List.of(hook));
        return Objects.requireNonNull(new Registry(List.of(registration), RowPolicies.defaults()).find(table));
    }

    static List<RowChange> changes(BucketMode mode, List<Write> log) {
        return Folding.fold(mode, log, 0, log.size()).stream()
                .map(RowChange.class::cast)
                .toList();
    }
}
