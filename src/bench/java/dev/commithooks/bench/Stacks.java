package dev.commithooks.bench;

import static dev.commithooks.bench.Item.ITEM;
import static dev.commithooks.bench.OtherItem.OTHER_ITEM;

import dev.commithooks.CommitHooks;
import dev.commithooks.CommitHooksBuilder;
import dev.commithooks.change.Deleted;
import dev.commithooks.change.Inserted;
import dev.commithooks.change.Updated;
import dev.commithooks.hook.AfterCommitHooks;
import dev.commithooks.hook.HookContext;
import dev.commithooks.policy.BucketMode;
import dev.commithooks.policy.OutsideTransaction;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.conf.Settings;
import org.jooq.impl.DSL;
import org.jooq.impl.DefaultTransactionProvider;

/** Everything that is measured, each with the stack it is compared with. */
public enum Stacks {
    PLAIN("jOOQ", null, Stacks::plain),
    PLAIN_AGAIN("jOOQ again (A/A: the noise)", PLAIN, Stacks::plain),
    RECORD_LISTENER("jOOQ + no-op RecordListener", PLAIN, Stacks::recordListener),
    FLOOR("jOOQ + no-op RecordListener, ExecuteListener, provider (the floor)", PLAIN, Stacks::floor),
    HAND_WRITTEN("jOOQ + hand-written listener and provider", PLAIN, Stacks::handWritten),

    WATCHING("jOOQ + the same, a no-op ExecuteListener and a connection that passes on", PLAIN, Stacks::watching),

    UNUSED(
            "jooq-commit-hooks, hooks on other tables only",
            FLOOR,
            hooked(b -> b.on(OTHER_ITEM, on -> on.afterCommitInsert((change, ctx) -> seen(change))))),
    AFTER("jooq-commit-hooks, after hook without image", FLOOR, hooked(b -> b.register(ITEM, new Count()))),
    IMAGES("jooq-commit-hooks, after hook reads row and old row", FLOOR, hooked(b -> b.register(ITEM, new Read()))),
    NET(
            "jooq-commit-hooks, the same, NET",
            FLOOR,
            hooked(b -> b.buckets(BucketMode.NET).register(ITEM, new Read()))),
    IGNORE(
            "jooq-commit-hooks, outside transactions IGNORE",
            PLAIN,
            hooked(b -> b.outsideTransaction(OutsideTransaction.IGNORE).register(ITEM, new Count()))),
    REJECT(
            "jooq-commit-hooks, outside transactions REJECT",
            PLAIN,
            hooked(b -> b.outsideTransaction(OutsideTransaction.REJECT).register(ITEM, new Count()))),

    HIBERNATE("Hibernate", null, source -> new HibernateStack(source, HibernateStack.Listener.NONE)),
    HIBERNATE_UNUSED(
            "Hibernate + post-commit listener for other entities",
            HIBERNATE,
            source -> new HibernateStack(source, HibernateStack.Listener.UNUSED)),
    HIBERNATE_AFTER(
            "Hibernate + post-commit listener",
            HIBERNATE,
            source -> new HibernateStack(source, HibernateStack.Listener.USED)),

    SPRING("Spring + jOOQ", null, source -> new SpringStack(source, SpringStack.Events.NONE)),
    SPRING_UNUSED(
            "Spring + jOOQ + event nobody listens to",
            SPRING,
            source -> new SpringStack(source, SpringStack.Events.UNUSED)),
    SPRING_AFTER(
            "Spring + jOOQ + @TransactionalEventListener",
            SPRING,
            source -> new SpringStack(source, SpringStack.Events.USED)),
    SPRING_LISTENERS("Spring + jOOQ's listeners alone, which do nothing", SPRING, SpringStack::listening),
    SPRING_HOOK(
            "Spring + jooq-commit-hooks, after hook without image",
            SPRING,
            source -> SpringStack.hooked(source, b -> b.register(ITEM, new Count()))),
    SPRING_READ(
            "Spring + jooq-commit-hooks, after hook reads row and old row",
            SPRING,
            source -> SpringStack.hooked(source, b -> b.register(ITEM, new Read()))),

    JDBI("jdbi", null, source -> new JdbiStack(source, false)),
    JDBI_AFTER("jdbi + afterCommit", JDBI, source -> new JdbiStack(source, true));

    private static Object seen;

    final String label;

    /** What it is compared with: null for one that others are compared with. */
    final Stacks base;

    private final Function<DataSource, Stack> maker;

    Stacks(String label, Stacks base, Function<DataSource, Stack> maker) {
        this.label = label;
        this.base = base;
        this.maker = maker;
    }

    /** The library without hooks: on a server all stacks of jOOQ are compared with plain jOOQ, which is what a user would give up. */
    Stacks library() {
        return base == null ? this : base.library();
    }

    /** The stacks that are measured on a server, each beside its library. */
    static List<Stacks> onServer() {
        List<Stacks> left = List.of(RECORD_LISTENER, NET, IGNORE, REJECT, SPRING_LISTENERS, SPRING_READ);
        return Arrays.stream(values())
                .filter(stack -> stack.base != null && !left.contains(stack))
                .toList();
    }

    Stack on(DataSource dataSource) {
        return maker.apply(dataSource);
    }

    JooqStack jooqOn(DataSource dataSource) {
        return (JooqStack) on(dataSource);
    }

    /** What every hook does with what it is given: keeps the last one, so that the JIT cannot leave it out. */
    static void seen(Object row) {
        seen = row;
    }

    private static DSLContext jooq(DataSource source) {
        return DSL.using(source, SQLDialect.POSTGRES, new Settings().withExecuteLogging(false));
    }

    private static Stack plain(DataSource source) {
        return new JooqStack(jooq(source));
    }

    private static Stack recordListener(DataSource source) {
        DSLContext dsl = jooq(source);
        dsl.configuration().set(NoOps.RECORD_LISTENER);
        return new JooqStack(dsl);
    }

    private static Stack floor(DataSource source) {
        DSLContext dsl = jooq(source);
        dsl.configuration().set(NoOps.RECORD_LISTENER);
        dsl.configuration().set(NoOps.EXECUTE_LISTENER);
        dsl.configuration()
                .set(new NoOps.PassingProvider(
                        new DefaultTransactionProvider(dsl.configuration().connectionProvider())));
        return new JooqStack(dsl);
    }

    private static Stack handWritten(DataSource source) {
        DSLContext dsl = jooq(source);
        HandWritten.install(dsl.configuration(), Stacks::seen);
        return new JooqStack(dsl);
    }

    /** What the hand-written pair would need at the least to see a COMMIT by hand, and whether a row was written. */
    private static Stack watching(DataSource source) {
        DSLContext dsl = jooq(source);
        dsl.configuration().set(new NoOps.PassingConnections(dsl.configuration().connectionProvider()));
        HandWritten.install(dsl.configuration(), Stacks::seen);
        dsl.configuration().set(NoOps.EXECUTE_LISTENER);
        return new JooqStack(dsl);
    }

    private static Function<DataSource, Stack> hooked(UnaryOperator<CommitHooksBuilder> hooks) {
        return source ->
                new JooqStack(hooks.apply(CommitHooks.builder()).build().attachTo(jooq(source)));
    }

    /** A hook that asks for no image. */
    private static final class Count implements AfterCommitHooks<Item.Row> {

        @Override
        public void afterCommitInsert(Inserted<Item.Row> change, HookContext ctx) {
            seen(change);
        }

        @Override
        public void afterCommitUpdate(Updated<Item.Row> change, HookContext ctx) {
            seen(change);
        }

        @Override
        public void afterCommitDelete(Deleted<Item.Row> change, HookContext ctx) {
            seen(change);
        }
    }

    /** A hook that reads all there is. */
    private static final class Read implements AfterCommitHooks<Item.Row> {

        @Override
        public void afterCommitInsert(Inserted<Item.Row> change, HookContext ctx) {
            seen(change.row().name());
        }

        @Override
        public void afterCommitUpdate(Updated<Item.Row> change, HookContext ctx) {
            seen(change.row().quantity() + change.oldRow().quantity());
        }

        @Override
        public void afterCommitDelete(Deleted<Item.Row> change, HookContext ctx) {
            seen(change.oldRow().name());
        }
    }
}
