package dev.commithooks;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jooq.DSLContext;
import org.jooq.Query;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The library keeps to its {@link Architecture}, and the rules see what breaks them. */
class ArchitectureTest {

    @Nested
    class TheLibrary {

        private static final JavaClasses CLASSES = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("dev.commithooks");

        private final Architecture architecture = new Architecture("dev.commithooks");

        @Test
        void arrowsGoOneWay() {
            architecture.arrowsGoOneWay().check(CLASSES);
        }

        @Test
        void onlyTheRootNamesTheEngine() {
            architecture.onlyTheRootNamesTheEngine().check(CLASSES);
        }

        @Test
        void packagesFormNoCycle() {
            architecture.packagesFormNoCycle().check(CLASSES);
        }

        @Test
        void packagesAreNullMarked() {
            architecture.packagesAreNullMarked().check(CLASSES);
        }

        @Test
        void publicFieldsAreFinal() {
            architecture.publicFieldsAreFinal().check(CLASSES);
        }

        @Test
        void onlyJooqAndTheJdkAreKnown() {
            architecture.onlyJooqAndTheJdkAreKnown().check(CLASSES);
        }

        @Test
        void onlyDurableKnowsTheScheduler() {
            architecture.onlyDurableKnowsTheScheduler().check(CLASSES);
        }

        @Test
        void onlyMetricsKnowMicrometer() {
            architecture.onlyMetricsKnowMicrometer().check(CLASSES);
        }

        @Test
        void typesOfTheEngineArePublicWhereAnotherPackageNeedsThem() {
            assertThat(architecture.needlesslyPublicEngineTypes(CLASSES)).isEmpty();
        }

        @Test
        void publicRecordsHaveNeitherNullableNorBooleanComponents() {
            assertThat(architecture.vagueComponents(CLASSES)).isEmpty();
        }

        @Test
        void noPublicMethodIsAWordThatKotlinReserves() {
            assertThat(architecture.methodsThatKotlinReserves(CLASSES)).isEmpty();
        }

        @Test
        void everythingItCallsIsInThisJooq() {
            assertThat(JooqLinks.broken(CLASSES)).isEmpty();
        }

        @Test
        void moduleExportsEverythingButTheEngine() throws IOException {
            ModuleDescriptor module = moduleDescriptor();

            assertThat(architecture.exportedEnginePackages(module)).isEmpty();
            assertThat(architecture.hiddenPackages(module)).isEmpty();
        }

        private static ModuleDescriptor moduleDescriptor() throws IOException {
            Path file = Path.of(System.getProperty("basedir", ""), "target", "classes", "module-info.class");
            try (InputStream bytes = Files.newInputStream(file)) {
                return ModuleDescriptor.read(bytes, TheLibrary::packages);
            }
        }

        private static Set<String> packages() {
            return CLASSES.stream()
                    .filter(javaClass -> javaClass.getModifiers().contains(JavaModifier.PUBLIC))
                    .map(JavaClass::getPackageName)
                    .collect(Collectors.toSet());
        }
    }

    @Nested
    class ABrokenLibrary {

        private static final String ROOT = "dev.commithooks.archfixture";
        private static final JavaClasses CLASSES = new ClassFileImporter().importPackages(ROOT);

        private final Architecture architecture = new Architecture(ROOT);

        @Test
        void isSeenToPointUpwards() {
            assertThat(violations(architecture.arrowsGoOneWay()))
                    .anyMatch(v -> v.contains("ValueThatKnowsAHook") && v.contains("SomeHook"))
                    .anyMatch(v -> v.contains("Homeless is in a package that is no layer"))
                    .noneMatch(v -> v.contains("IntegrationThatNamesTheEngine"));
        }

        @Test
        void isSeenToNameTheEngine() {
            assertThat(violations(architecture.onlyTheRootNamesTheEngine()))
                    .isNotEmpty()
                    .allMatch(v -> v.contains("IntegrationThatNamesTheEngine"));
        }

        @Test
        void isSeenToHaveACycle() {
            assertThat(violations(architecture.packagesFormNoCycle()))
                    .singleElement()
                    .asString()
                    .contains(ROOT + ".engine.left", ROOT + ".engine.right");
        }

        @Test
        void isSeenToHaveAnUnmarkedPackage() {
            assertThat(violations(architecture.packagesAreNullMarked()))
                    .containsExactly(ROOT + ".hook is not @NullMarked");
        }

        @Test
        void isSeenToHaveAPublicMutableField() {
            assertThat(violations(architecture.publicFieldsAreFinal()))
                    .singleElement()
                    .asString()
                    .contains("Homeless.counter");
        }

        @Test
        void isSeenToHaveAnEngineTypeThatNobodyElseNeeds() {
            assertThat(architecture.needlesslyPublicEngineTypes(CLASSES))
                    .containsExactly(ROOT + ".engine.right.NeededByNobody");
        }

        @Test
        void isSeenToHaveARecordThatMayBeNullOrSaysYesAndNo() {
            assertThat(architecture.vagueComponents(CLASSES))
                    .containsExactly(ROOT + ".change.VagueValue.maybe", ROOT + ".change.VagueValue.yes");
        }

        @Test
        void isSeenToNeedALibrary() {
            assertThat(violations(architecture.onlyJooqAndTheJdkAreKnown()))
                    .singleElement()
                    .asString()
                    .contains("NamesADriver", "org.postgresql.PGConnection");
        }

        /** Its call links to the jOOQ it was compiled with; another one, put below the same classes, lacks the method. */
        @Test
        void isSeenToCallWhatAnotherJooqDoesNotHave() throws NoSuchMethodException {
            boolean sameJooq = DSLContext.class
                    .getMethod("savepoint", String.class)
                    .getReturnType()
                    .equals(Query.class);

            assertThat(JooqLinks.broken(CLASSES)).hasSize(sameJooq ? 0 : 1);
        }

        @Test
        void isSeenToExportTheEngineAndToHideAHook() {
            ModuleDescriptor module = ModuleDescriptor.newModule("broken")
                    .packages(Set.of(ROOT + ".hook", ROOT + ".engine.left"))
                    .exports(ROOT + ".engine.left")
                    .build();

            assertThat(architecture.exportedEnginePackages(module)).containsExactly(ROOT + ".engine.left");
            assertThat(architecture.hiddenPackages(module)).containsExactly(ROOT + ".hook");
        }

        private static List<String> violations(ArchRule rule) {
            return rule.evaluate(CLASSES).getFailureReport().getDetails();
        }
    }
}
