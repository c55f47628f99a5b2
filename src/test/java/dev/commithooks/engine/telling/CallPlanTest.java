package dev.commithooks.engine.telling;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.bookshop.shop.Tables.STOCK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.change.ChangeType;
import dev.commithooks.engine.log.Effect;
import dev.commithooks.engine.log.LevelMark;
import dev.commithooks.engine.log.LogItem;
import dev.commithooks.engine.log.LoggedCallback;
import dev.commithooks.engine.log.RowChange;
import dev.commithooks.engine.log.Write;
import dev.commithooks.engine.registry.BoundHook;
import dev.commithooks.engine.registry.HookMethod;
import dev.commithooks.engine.registry.HookedTable;
import dev.commithooks.engine.registry.Registration;
import dev.commithooks.engine.registry.Registry;
import dev.commithooks.engine.registry.RowPolicies;
import dev.commithooks.hook.HookOptions;
import dev.commithooks.spi.HookObserver.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jooq.Table;
import org.junit.jupiter.api.Test;

/** The order of calls, as those who make them and those who show them get it. */
class CallPlanTest {

    private final Registry registry = new Registry(
            List.of(
                    hook(STOCK, "set", 0, HookMethod.AFTER_SET),
                    hook(STOCK, "second", 0, HookMethod.AFTER_INSERT),
                    hook(STOCK, "first", -1, HookMethod.AFTER_INSERT),
                    hook(STOCK, "veto", 0, HookMethod.BEFORE_INSERT),
                    hook(STOCK, "gone", 0, HookMethod.AFTER_DELETE),
                    hook(AUTHOR, "author", 0, HookMethod.AFTER_INSERT)),
            RowPolicies.defaults());
    private final List<String> calls = new ArrayList<>();

    private static Registration hook(Table<?> table, String name, int order, HookMethod method) {
        return Registration.of(
                table, method, (change, ctx) -> {}, HookOptions.named(name).order(order));
    }

    private Write insert(Table<?> table, String tableName, Object... row) {
        HookedTable hooked = Objects.requireNonNull(registry.find(table));
        return new Write(hooked, tableName, ChangeType.INSERT, null, row, null);
    }

    private Write stock(String isbn) {
        return insert(STOCK, "public.stock", isbn, 1, null);
    }

    private Write author(int id) {
        return insert(AUTHOR, "public.author", id, "name");
    }

    private class Noting implements CallPlan.Calls {

        @Override
        public void forChange(BoundHook hook, RowChange change) {
            calls.add(hook.name() + " " + change.toChange(null).key().orElseThrow());
        }

        @Override
        public void isDone(Effect effect) {}

        @Override
        public boolean goesOn() {
            return true;
        }

        @Override
        public void forSet(BoundHook hook, HookedTable table, List<Effect> changes) {
            calls.add(hook.name() + " " + changes.size() + " of " + table);
        }

        @Override
        public void forCallback(LoggedCallback callback, int position) {
            calls.add(callback.methodName() + " at " + position);
        }
    }

    @Test
    void changeByChangeAllItsHooksAndThenThoseOfATable() throws Exception {
        CallPlan.ofHooks(Phase.AFTER, List.of(stock("a"), author(1), stock("b")), new Noting());

        assertThat(calls)
                .containsExactly(
                        "first public.stock[a]",
                        "second public.stock[a]",
                        "author public.author[1]",
                        "first public.stock[b]",
                        "second public.stock[b]",
                        "set 2 of public.stock");
    }

    @Test
    void onlyThoseOfThePhase() throws Exception {
        CallPlan.ofHooks(Phase.BEFORE, List.of(stock("a"), author(1)), new Noting());
        CallPlan.ofHooks(Phase.FAILED, List.of(stock("a"), author(1)), new Noting());

        assertThat(calls).containsExactly("veto public.stock[a]");
    }

    @Test
    void tablesOfOneClassThatHaveOtherNamesInSqlAreSetsOfTheirOwn() throws Exception {
        Write elsewhere = insert(STOCK, "tenant.stock", "a", 1, null);

        CallPlan.ofHooks(Phase.AFTER, List.of(stock("a"), elsewhere, stock("b")), new Noting());

        assertThat(calls).endsWith("set 2 of public.stock", "set 1 of public.stock");
    }

    @Test
    void nothingMoreOnceThePlanHoldsNoLonger() throws Exception {
        CallPlan.ofHooks(Phase.AFTER, List.of(stock("a"), stock("b")), new Noting() {

            @Override
            public void isDone(Effect effect) {
                calls.add("done");
            }

            @Override
            public boolean goesOn() {
                return false;
            }
        });

        assertThat(calls).containsExactly("first public.stock[a]", "second public.stock[a]", "done");
    }

    @Test
    void callbacksOfThePhaseInTheirPlaces() throws Exception {
        List<LogItem> part = new ArrayList<>(List.of(
                callback(Phase.AFTER), stock("a"), callback(Phase.AFTER), callback(Phase.FAILED), LevelMark.RELEASED));

        assertThat(CallPlan.ofCallbacks(Phase.AFTER, part, 1, 10, new Noting())).isEqualTo(5);
        assertThat(calls).containsExactly("onCommit at 12");
    }

    @Test
    void callbacksThatCallbacksRegister() throws Exception {
        List<LogItem> part = new ArrayList<>(List.of(callback(Phase.AFTER)));

        int end = CallPlan.ofCallbacks(Phase.AFTER, part, 0, 0, new Noting() {
            @Override
            public void forCallback(LoggedCallback callback, int position) {
                super.forCallback(callback, position);
                if (part.size() < 3) {
                    part.add(callback(Phase.AFTER));
                }
            }
        });

        assertThat(end).isEqualTo(3);
        assertThat(calls).containsExactly("onCommit at 0", "onCommit at 1", "onCommit at 2");
    }

    private static LoggedCallback callback(Phase phase) {
        return new LoggedCallback(phase, failure -> {});
    }
}
