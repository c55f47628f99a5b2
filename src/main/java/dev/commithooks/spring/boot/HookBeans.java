package dev.commithooks.spring.boot;

import dev.commithooks.CommitHooksBuilder;
import dev.commithooks.hook.CommitHook;
import dev.commithooks.hook.HookContext;
import dev.commithooks.hook.HookOptions;
import dev.commithooks.spi.DurableDelivery;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.stream.Stream;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.TableRecord;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.Ordered;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.Order;
import org.springframework.scheduling.annotation.Async;
import org.springframework.util.ReflectionUtils;

/** The application's hook beans, each with the table that its type argument names. */
final class HookBeans {

    private final ConfigurableListableBeanFactory beans;

    HookBeans(ConfigurableListableBeanFactory beans) {
        this.beans = beans;
    }

    void registerIn(CommitHooksBuilder builder) {
        for (String name : beans.getBeanNamesForType(CommitHook.class)) {
            register(builder, name, (CommitHook<?>) beans.getBean(name));
        }
    }

    /** A hook of a table's records takes that table's, as its type argument says. */
    @SuppressWarnings("unchecked")
    private void register(CommitHooksBuilder builder, String name, CommitHook<?> hook) {
        Class<?> hookClass = AopProxyUtils.ultimateTargetClass(hook);
        refuseAsync(name, hookClass);
        HookOptions options = options(name).order(order(name, hook)).implementedBy(hookClass);
        if (beans.findAnnotationOnBean(name, AllTables.class) != null) {
            builder.registerAll((CommitHook<? super TableRecord<?>>) hook, options);
            return;
        }
        Table<Record> table = (Table<Record>) table(name, recordType(name, hookClass));
        builder.register(table, (CommitHook<? super Record>) hook, options);
    }

    private HookOptions options(String name) {
        Durable durable = beans.findAnnotationOnBean(name, Durable.class);
        return durable == null ? HookOptions.named(name) : HookOptions.durable(durable.value());
    }

    /**
     * What delivers the durable ones among the hook beans; null where there are none.
     *
     * @throws HookSetupException when there are, and not exactly one bean to deliver them
     */
    @Nullable
    DurableDelivery delivery() {
        for (String name : beans.getBeanNamesForType(CommitHook.class)) {
            if (beans.findAnnotationOnBean(name, Durable.class) != null) {
                DurableDelivery only =
                        beans.getBeanProvider(DurableDelivery.class).getIfUnique();
                if (only == null) {
                    throw new HookSetupException(
                            "The hook bean '" + name
                                    + "' is @Durable, and the beans that could store and deliver its calls are "
                                    + List.of(beans.getBeanNamesForType(DurableDelivery.class)) + ".",
                            "Define one: DbSchedulerDelivery.on(dataSource). Of several, make one @Primary.");
                }
                return only;
            }
        }
        return null;
    }

    private static void refuseAsync(String name, Class<?> hookClass) {
        boolean isAsync = AnnotatedElementUtils.hasAnnotation(hookClass, Async.class)
                || Stream.of(ReflectionUtils.getUniqueDeclaredMethods(hookClass))
                        .anyMatch(method -> List.of(method.getParameterTypes()).contains(HookContext.class)
                                && AnnotatedElementUtils.hasAnnotation(method, Async.class));
        if (isAsync) {
            throw new HookSetupException(
                    "The hook bean '" + name
                            + "' is @Async: it could refuse no COMMIT, would run after its transaction is"
                            + " gone, and what it throws would reach nobody.",
                    "Take @Async off the hook and let it call an @Async method of another bean; or make it @Durable,"
                            + " where no call may be lost.");
        }
    }

    private int order(String name, CommitHook<?> hook) {
        if (hook instanceof Ordered ordered) {
            return ordered.getOrder();
        }
        Order order = beans.findAnnotationOnBean(name, Order.class);
        return order == null ? Ordered.LOWEST_PRECEDENCE : order.value();
    }

    private @Nullable Class<?> recordType(String name, Class<?> hookClass) {
        ResolvableType declared = beans.containsBeanDefinition(name)
                ? beans.getMergedBeanDefinition(name).getResolvableType()
                : ResolvableType.NONE;
        return recordType(hookClass, declared);
    }

    /** By the bean's class; of a generic class, by what its bean method says it returns. */
    static @Nullable Class<?> recordType(Class<?> hookClass, ResolvableType declared) {
        Class<?> byClass = argument(ResolvableType.forClass(hookClass));
        Class<?> byMethod = namesATable(byClass) ? null : argument(declared);
        return byMethod != null ? byMethod : byClass;
    }

    /** Of a type variable only the bound is known, which is no table's record. */
    private static boolean namesATable(@Nullable Class<?> recordType) {
        return recordType != null
                && TableRecord.class.isAssignableFrom(recordType)
                && !Modifier.isAbstract(recordType.getModifiers());
    }

    private static @Nullable Class<?> argument(ResolvableType type) {
        return type.as(CommitHook.class).getGeneric(0).resolve();
    }

    private static Table<?> table(String name, @Nullable Class<?> recordType) {
        if (recordType == null || !namesATable(recordType)) {
            throw new HookSetupException(
                    "The table of hook bean '" + name + "' cannot be found: its record type is "
                            + (recordType == null ? "not known" : recordType.getName()) + ".",
                    "Implement AfterCommitHooks<BookRecord>, say, with a generated record; annotate the bean with"
                            + " @AllTables to have it for every table; or register the hook in a CommitHooksCustomizer"
                            + " and let it be no bean.");
        }
        try {
            return ((TableRecord<?>) recordType.getDeclaredConstructor().newInstance()).getTable();
        } catch (ReflectiveOperationException e) {
            throw new HookSetupException(
                    "The table of hook bean '" + name + "' cannot be found: " + recordType.getName()
                            + " has no public constructor without arguments.",
                    "Register the hook in a CommitHooksCustomizer, with its table.");
        }
    }
}
