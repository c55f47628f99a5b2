package dev.commithooks.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.CommitHooks;
import dev.commithooks.CommitHooksBuilder;
import dev.commithooks.HookLambdas;
import dev.commithooks.Transactions;
import dev.commithooks.durable.DbSchedulerDelivery;
import dev.commithooks.durable.DeliverySettings;
import dev.commithooks.durable.OutboxTable;
import dev.commithooks.fixture.DocTable;
import dev.commithooks.hook.HookOptions;
import dev.commithooks.policy.RetryPolicy;
import dev.commithooks.policy.TransactionDefaults;
import dev.commithooks.resolver.MarkerOutcomeResolver;
import dev.commithooks.resolver.PostgresOutcomeResolver;
import dev.commithooks.spi.HookObserver;
import dev.commithooks.testing.HookContexts;
import dev.commithooks.testing.RolledBackOptions;
import dev.commithooks.testing.TestTransaction;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jfr.Event;
import jdk.jfr.EventType;
import jdk.jfr.ValueDescriptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Settings, constants, loggers and events: what there is stands on the pages, and what stands there is there. */
class ReferenceTest {

    private static final Path SETTINGS = Path.of("docs", "SETTINGS.md");
    private static final Path OBSERVABILITY = Path.of("docs", "OBSERVABILITY.md");
    private static final Path SOURCES = Path.of("src", "main", "java");

    /** Types that say what happens, or is to happen, by such methods. */
    private static final Set<Class<?>> NO_SETTINGS =
            Set.of(HookLambdas.class, TestTransaction.class, HookContexts.Made.class);

    static Stream<Arguments> settings() {
        return Stream.of(
                Arguments.of(CommitHooksBuilder.class, List.of("Said at `CommitHooks.builder()`.", "Policies:")),
                Arguments.of(HookOptions.class, List.of("## Options of a hook")),
                Arguments.of(Transactions.class, List.of("## Transactions")),
                Arguments.of(RetryPolicy.class, List.of("## Retries")),
                Arguments.of(TransactionDefaults.class, List.of("## Defaults of transactions")),
                Arguments.of(PostgresOutcomeResolver.Builder.class, List.of("## Outcome resolver")),
                Arguments.of(MarkerOutcomeResolver.Builder.class, List.of("`MarkerOutcomeResolver.builder")),
                Arguments.of(DeliverySettings.class, List.of("## Delivery")),
                Arguments.of(DbSchedulerDelivery.class, List.of("At the delivery itself")),
                Arguments.of(OutboxTable.class, List.of("## Outbox")),
                Arguments.of(RolledBackOptions.class, List.of("## Rolled-back tests")));
    }

    @ParameterizedTest
    @MethodSource("settings")
    void everySettingIsOnThePage(Class<?> type, List<String> places) {
        Set<String> there = Arrays.stream(type.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()) && method.getReturnType() == type)
                .map(Method::getName)
                .filter(name -> !name.equals("with"))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(places.stream().flatMap(place -> names(place, SETTINGS, 0)))
                .as("settings of %s in %s", type.getSimpleName(), SETTINGS)
                .containsExactlyInAnyOrderElementsOf(there);
    }

    @Test
    void everyTypeWithSettingsIsAmongThem() throws ClassNotFoundException {
        Set<Class<?>> known = settings()
                .map(arguments -> (Class<?>) arguments.get()[0])
                .collect(Collectors.toCollection(HashSet::new));
        known.addAll(NO_SETTINGS);

        assertThat(publicTypes().filter(type -> !known.contains(type)))
                .as("types whose methods return them again, so that what they say are settings")
                .allSatisfy(type -> assertThat(Arrays.stream(type.getDeclaredMethods())
                                .filter(method -> method.getReturnType() == type && !method.isSynthetic())
                                .filter(method -> Modifier.isPublic(method.getModifiers())
                                        && !Modifier.isStatic(method.getModifiers()))
                                .map(Method::getName)
                                .distinct())
                        .hasSizeLessThan(2));
    }

    @Test
    void defaultsAreThoseOfACommitHooks() {
        String explained = CommitHooks.builder().build().explain();
        Map<String, String> defaults = DocTable.under("Policies:", SETTINGS).stream()
                .collect(Collectors.toMap(row -> row.get(0), row -> row.get(1)));

        defaults.forEach((policy, value) -> {
            if (explained.contains("  " + policy + " ")) {
                assertThat(explained).containsPattern("  " + policy + " +" + (value.equals("none") ? ".*no" : value));
            }
        });
        assertThat(explained
                        .lines()
                        .filter(line -> defaults.containsKey(line.strip().split(" ")[0])))
                .hasSizeGreaterThanOrEqualTo(7);
    }

    @Test
    void everyConstantIsOnSomePage() throws Exception {
        String pages = Documentation.pages().stream().map(Documentation::read).collect(Collectors.joining("\n"));

        List<String> missing = new ArrayList<>();
        for (Class<?> type : publicEnums()) {
            for (Field constant : type.getDeclaredFields()) {
                if (constant.isEnumConstant() && !pages.contains("`" + constant.getName() + "`")) {
                    missing.add(type.getSimpleName() + "." + constant.getName());
                }
            }
        }
        assertThat(missing).as("constants that no page names").isEmpty();
    }

    @Test
    void everyLoggerIsOnThePage() {
        Pattern logger = Pattern.compile("System\\.getLogger\\((?:\"([\\w.]+)\"|(\\w+)\\.class\\.getName\\(\\))\\)");
        Set<String> loggers = new TreeSet<>();
        for (Path file : Documentation.files(SOURCES, ".java")) {
            String source = Documentation.read(file);
            String folder = SOURCES.relativize(file.getParent()).toString().replace('/', '.');
            logger.matcher(source)
                    .results()
                    .forEach(found ->
                            loggers.add(found.group(1) == null ? folder + "." + found.group(2) : found.group(1)));
        }

        assertThat(names("## The log", OBSERVABILITY, 0).distinct()).containsExactlyInAnyOrderElementsOf(loggers);
    }

    @Test
    void everyEventOfTheFlightRecorderIsOnThePage() throws ClassNotFoundException {
        Set<String> events = new TreeSet<>();
        for (Path file : Documentation.files(SOURCES, "Event.java")) {
            EventType type = EventType.getEventType(Class.forName(nameOf(file)).asSubclass(Event.class));
            events.add(type.getName() + ": "
                    + type.getFields().stream()
                            .map(ValueDescriptor::getName)
                            .filter(name -> !List.of("startTime", "duration", "eventThread", "stackTrace")
                                    .contains(name))
                            .collect(Collectors.joining(", ")));
        }

        assertThat(DocTable.under("## Flight recorder", OBSERVABILITY).stream()
                        .map(row -> row.get(0) + ": " + row.get(1)))
                .isNotEmpty()
                .containsExactlyInAnyOrderElementsOf(events);
    }

    @Test
    void everyMethodOfAnObserverIsOnThePage() {
        assertThat(names("## An observer of your own", OBSERVABILITY, 0))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(HookObserver.class.getDeclaredMethods())
                        .filter(method ->
                                !method.isSynthetic() && !method.getName().equals("andThen"))
                        .map(Method::getName)
                        .toList());
    }

    private static Stream<String> names(String place, Path page, int column) {
        return DocTable.under(place, page).stream()
                .flatMap(row -> Stream.of(row.get(column).split(", ")));
    }

    private static List<Class<?>> publicEnums() throws ClassNotFoundException {
        return publicTypes().filter(Class::isEnum).toList();
    }

    private static Stream<Class<?>> publicTypes() throws ClassNotFoundException {
        List<Class<?>> types = new ArrayList<>();
        for (Path file : Documentation.files(SOURCES, ".java")) {
            if (!file.toString().contains("/engine/")
                    && !file.getFileName().toString().contains("-info")) {
                Class<?> type = Class.forName(nameOf(file));
                types.add(type);
                types.addAll(List.of(type.getDeclaredClasses()));
            }
        }
        return types.stream()
                .filter(type -> Modifier.isPublic(type.getModifiers())
                        && (type.getEnclosingClass() == null
                                || Modifier.isPublic(type.getEnclosingClass().getModifiers())));
    }

    private static String nameOf(Path file) {
        return SOURCES.relativize(file).toString().replace('/', '.').replace(".java", "");
    }
}
