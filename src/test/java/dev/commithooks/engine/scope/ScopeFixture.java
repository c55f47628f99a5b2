package dev.commithooks.engine.scope;

import static dev.commithooks.bookshop.shop.Tables.STOCK;

import dev.commithooks.change.ChangeType;
import dev.commithooks.engine.log.HandedOver;
import dev.commithooks.engine.log.LoggedCallback;
import dev.commithooks.engine.log.Write;
import dev.commithooks.engine.registry.HookMethod;
import dev.commithooks.engine.registry.HookedTable;
import dev.commithooks.engine.registry.Registration;
import dev.commithooks.engine.registry.Registry;
import dev.commithooks.engine.registry.RowPolicies;
import dev.commithooks.hook.HookContext;
import dev.commithooks.hook.HookOptions;
import dev.commithooks.spi.DurableHook;
import dev.commithooks.spi.HandOver;
import dev.commithooks.spi.HookObserver.Phase;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** One transaction, and what can be written to it. */
abstract class ScopeFixture {

    static final HookedTable TABLE = Objects.requireNonNull(new Registry(
                    List.of(Registration.of(STOCK, HookMethod.AFTER_SET, (rows, ctx) -> {}, HookOptions.defaults())),
                    RowPolicies.defaults())
            .find(STOCK));

    final ScopeInfo identity = ScopeInfo.next("order", 2, Instant.EPOCH);
    final TransactionScope scope = new TransactionScope(identity, true);

    static Write row(String isbn) {
        return new Write(TABLE, "public.stock", ChangeType.INSERT, null, new Object[] {isbn, 1, null}, null);
    }

    Write write(String isbn) {
        Write write = row(isbn);
        scope.written(write);
        return write;
    }

    static LoggedCallback callback(Phase phase) {
        return new LoggedCallback(phase, failure -> {});
    }

    static HandedOver text() {
        return new HandedOver(new HandOver.Text(
                new DurableHook.OnText() {
                    @Override
                    public String name() {
                        return "ship";
                    }

                    @Override
                    public void call(String text, HookContext ctx) {}
                },
                "it"));
    }
}
