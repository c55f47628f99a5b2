package dev.commithooks;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.SimpleConditionEvent.violated;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.lang.module.ModuleDescriptor;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/** How the packages below a root may know each other. */
final class Architecture {

    /** From the bottom to the top; a layer knows itself and those before it. */
    private static final List<String> LAYERS = List.of(
            "row",
            "change",
            "transaction",
            "policy",
            "hook",
            "spi",
            "engine",
            "",
            "jfr",
            "resolver",
            "timeline",
            "storage",
            "durable",
            "jta",
            "micrometer",
            "testing",
            "junit",
            "spring");

    /** They stand side by side on top; micrometer stands on durable, junit on testing, and Spring puts all together. */
    private static final Set<String> INTEGRATIONS =
            Set.of("jfr", "resolver", "timeline", "storage", "durable", "jta", "testing");

    /** What users do not see. */
    private static final Set<String> HIDDEN = Set.of("row", "engine");

    private static final Set<String> KOTLINS_WORDS =
            Set.of("as", "fun", "in", "is", "object", "typealias", "val", "var", "when");

    private static final String SCHEDULER = "com.github.kagkarlsson..";

    /** The marks of JTA's resources that Narayana, and whoever enlists in it, know each other by. */
    private static final String JBOSS = "org.jboss.tm..";

    private static final String MICROMETER = "io.micrometer..";

    private final String root;

    Architecture(String root) {
        this.root = root;
    }

    ArchRule arrowsGoOneWay() {
        return classes()
                .should(new ArchCondition<>("know only their own layer and those below, in the order " + LAYERS) {
                    @Override
                    public void check(JavaClass origin, ConditionEvents events) {
                        if (!LAYERS.contains(layer(origin))) {
                            events.add(violated(origin, origin.getName() + " is in a package that is no layer"));
                        }
                        for (Dependency dependency : origin.getDirectDependenciesFromSelf()) {
                            JavaClass target = dependency.getTargetClass();
                            if (isOurs(target) && !mayKnow(layer(origin), layer(target))) {
                                events.add(violated(origin, dependency.getDescription()));
                            }
                        }
                    }
                });
    }

    /**
     * With one exception: the virtual connections of tests must understand the same texts and the same drivers as the engine's
     * own connections do, and a second scanner would drift.
     */
    ArchRule onlyTheRootNamesTheEngine() {
        ArchRule rule = noClasses()
                .that()
                .resideOutsideOfPackages(root, root + ".engine..", root + ".testing")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(root + ".engine..");
        return CompositeArchRule.of(rule)
                .and(noClasses()
                        .that()
                        .resideInAPackage(root + ".testing")
                        .should()
                        .dependOnClassesThat(resideInAPackage(root + ".engine..")
                                .and(not(resideInAnyPackage(
                                        root + ".engine.connection", root + ".engine.dialect", root + ".engine.sql"))))
                        .allowEmptyShould(true));
    }

    ArchRule packagesFormNoCycle() {
        return SlicesRuleDefinition.slices()
                .assignedFrom(new SliceAssignment() {
                    @Override
                    public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
                        return SliceIdentifier.of(javaClass.getPackageName());
                    }

                    @Override
                    public String getDescription() {
                        return "packages";
                    }
                })
                .should()
                .beFreeOfCycles();
    }

    ArchRule packagesAreNullMarked() {
        return classes().should(new ArchCondition<>("be in a package that is @NullMarked") {
            @Override
            public void check(JavaClass javaClass, ConditionEvents events) {
                if (!javaClass.getPackage().isAnnotatedWith(NullMarked.class)) {
                    events.add(violated(javaClass, javaClass.getPackageName() + " is not @NullMarked"));
                }
            }
        });
    }

    ArchRule publicFieldsAreFinal() {
        return fields().that().arePublic().should().beFinal().allowEmptyShould(true);
    }

    ArchRule onlyJooqAndTheJdkAreKnown() {
        ArchRule known = classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        root + "..",
                        "org.jooq..",
                        "org.jspecify.annotations",
                        "org.springframework..",
                        "jakarta.persistence..",
                        "jakarta.transaction..",
                        "javax.transaction.xa..",
                        JBOSS,
                        "java..",
                        "javax.sql..",
                        "jdk.jfr..",
                        MICROMETER,
                        SCHEDULER,
                        "org.junit.jupiter.api..",
                        "org.junit.platform.commons..");
        return CompositeArchRule.of(known)
                .and(noClasses()
                        .that()
                        .resideOutsideOfPackage(root + ".spring..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage("org.springframework..", "jakarta.persistence.."))
                .and(noClasses()
                        .that()
                        .resideOutsideOfPackage(root + ".jta")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage("jakarta.transaction..", "javax.transaction.xa..", JBOSS));
    }

    ArchRule onlyMetricsKnowMicrometer() {
        return noClasses()
                .that()
                .resideOutsideOfPackages(root + ".micrometer", root + ".spring..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(MICROMETER);
    }

    /** An integration's library is known to nobody else: it is loaded only if used. */
    ArchRule onlyDurableKnowsTheScheduler() {
        return noClasses()
                .that()
                .resideOutsideOfPackage(root + ".durable")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(SCHEDULER);
    }

    /** Types of the engine that are public, and that only their own package names. */
    Set<String> needlesslyPublicEngineTypes(JavaClasses classes) {
        Set<String> found = new TreeSet<>();
        for (JavaClass javaClass : classes) {
            boolean hidden = HIDDEN.contains(layer(javaClass))
                    && javaClass.getModifiers().contains(JavaModifier.PUBLIC)
                    && javaClass.isTopLevelClass();
            if (hidden
                    && javaClass.getDirectDependenciesToSelf().stream()
                            .map(dependency -> dependency.getOriginClass().getPackageName())
                            .allMatch(javaClass.getPackageName()::equals)) {
                found.add(javaClass.getName());
            }
        }
        return found;
    }

    /** Components of public records that may be null, or that only say yes or no: users match and construct these. */
    Set<String> vagueComponents(JavaClasses classes) {
        Set<String> found = new TreeSet<>();
        for (JavaClass javaClass : classes) {
            if (javaClass.isRecord() && !HIDDEN.contains(layer(javaClass)) && isPublic(javaClass.reflect())) {
                for (RecordComponent component : javaClass.reflect().getRecordComponents()) {
                    if (component.getType() == boolean.class
                            || component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                        found.add(javaClass.getName() + "." + component.getName());
                    }
                }
            }
        }
        return found;
    }

    /** Public methods that Kotlin could call in backticks only. */
    Set<String> methodsThatKotlinReserves(JavaClasses classes) {
        Set<String> found = new TreeSet<>();
        for (JavaClass javaClass : classes) {
            if (!HIDDEN.contains(layer(javaClass)) && javaClass.getModifiers().contains(JavaModifier.PUBLIC)) {
                javaClass.getMethods().stream()
                        .filter(method -> method.getModifiers().contains(JavaModifier.PUBLIC)
                                && KOTLINS_WORDS.contains(method.getName()))
                        .forEach(method -> found.add(method.getFullName()));
            }
        }
        return found;
    }

    private static boolean isPublic(Class<?> type) {
        return Modifier.isPublic(type.getModifiers())
                && (type.getDeclaringClass() == null || isPublic(type.getDeclaringClass()));
    }

    /** Packages that the module exports although users are not to see them. */
    Set<String> exportedEnginePackages(ModuleDescriptor module) {
        Set<String> found = new TreeSet<>();
        module.exports().stream()
                .map(ModuleDescriptor.Exports::source)
                .filter(exported -> HIDDEN.contains(layer(exported)))
                .forEach(found::add);
        return found;
    }

    /** Packages that users need and the module does not export. */
    Set<String> hiddenPackages(ModuleDescriptor module) {
        Set<String> found = new TreeSet<>(module.packages());
        found.removeIf(candidate -> HIDDEN.contains(layer(candidate)));
        module.exports().forEach(exported -> found.remove(exported.source()));
        return found;
    }

    private boolean mayKnow(String origin, String target) {
        if (INTEGRATIONS.contains(origin) && INTEGRATIONS.contains(target)) {
            return origin.equals(target);
        }
        return LAYERS.indexOf(target) <= LAYERS.indexOf(origin);
    }

    private boolean isOurs(JavaClass javaClass) {
        String name = javaClass.getPackageName();
        return name.equals(root) || name.startsWith(root + ".");
    }

    private String layer(JavaClass javaClass) {
        return layer(javaClass.getPackageName());
    }

    /** The first name below the root; empty for the root itself. */
    private String layer(String packageName) {
        return packageName.equals(root)
                ? ""
                : packageName.substring(root.length() + 1).split("\\.", 2)[0];
    }
}
