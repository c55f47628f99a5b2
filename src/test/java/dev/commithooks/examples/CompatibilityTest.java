package dev.commithooks.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page on compatibility names what CI runs: its table is made of pom.xml and the legs of .ci/run. */
class CompatibilityTest {

    private static final String POM = Documentation.read(Path.of("pom.xml"));
    private static final Pattern LEG = Pattern.compile("leg \"([^\"]+)\"([^\\n]*)");
    private static final Pattern LOOP = Pattern.compile("(?ms)^for (\\w+) in ([^;]+); do\\n(.*?)^done$");
    private static final Pattern BOOT = Pattern.compile("(?ms)^boot_leg\\(\\) \\{\\n.*?\\n(?<body> +leg.*?)^}$");
    private static final Pattern BOOT_CALL = Pattern.compile("(?m)^boot_leg (\\S+) .*$");

    private static final Map<String, String> PROPERTIES = new LinkedHashMap<>();

    static {
        PROPERTIES.put("jOOQ", "jooq.version");
        PROPERTIES.put("PostgreSQL", "zonky-binaries.version");
        PROPERTIES.put("pgjdbc", "postgresql.version");
        PROPERTIES.put("H2", "h2.version");
        PROPERTIES.put("SQLite, by sqlite-jdbc", "sqlite.version");
        PROPERTIES.put("Spring Boot", "spring-boot.version");
        PROPERTIES.put("JUnit", "junit.version");
        PROPERTIES.put("db-scheduler", "db-scheduler.version");
        PROPERTIES.put("Micrometer", "micrometer.version");
        PROPERTIES.put("Narayana", "narayana.version");
    }

    private record Leg(String name, String command) {}

    @Test
    void theTableIsWhatCiRuns() {
        String page = Documentation.read(Path.of("docs/COMPATIBILITY.md"));
        String table = page.substring(page.indexOf("| library"), page.indexOf("\n\n", page.indexOf("| library")) + 1);

        assertThat(table).isEqualTo(expected());
    }

    @Test
    void javaIsTheOneItIsCompiledForAndTheOneAfterAndTheNewestThere() {
        assertThat(POM).contains("<maven.compiler.release>17<");
        for (String home : List.of("$jdk21", "$jdk")) {
            assertThat(legs()).anySatisfy(leg -> assertThat(leg.command()).contains("JAVA_HOME=\"" + home + "\""));
        }
        assertThat(Documentation.read(Path.of("docs/COMPATIBILITY.md")))
                .contains("**Java**: 17, 21 and the newest JDK");
    }

    private static String expected() {
        StringBuilder table = new StringBuilder("| library | version | run by |\n|---|---|---|\n");
        PROPERTIES.forEach((name, property) -> {
            row(table, name, pom(property), "the whole build");
            others(property).forEach((version, legs) -> row(table, name, version, String.join("; ", legs)));
        });
        return table.toString();
    }

    private static void row(StringBuilder table, String name, String version, String legs) {
        table.append("| ").append(name).append(" | ").append(version).append(" | ");
        table.append(legs).append(" |\n");
    }

    private static String pom(String property) {
        Matcher value =
                Pattern.compile("<" + Pattern.quote(property) + ">([^<]+)<").matcher(POM);
        assertThat(value.find()).as(property).isTrue();
        return value.group(1);
    }

    private static Map<String, List<String>> others(String property) {
        Pattern given = Pattern.compile("-D" + Pattern.quote(property) + "=\"?([\\w.]+)");
        Map<String, List<String>> versions = new LinkedHashMap<>();
        for (Leg leg : legs()) {
            Matcher version = given.matcher(leg.command());
            if (version.find()) {
                versions.computeIfAbsent(version.group(1), its -> new ArrayList<>())
                        .add(leg.name().replaceFirst("^Leg \\d, ", ""));
            }
        }
        return versions;
    }

    /** The legs with their loops and functions written out. */
    private static List<Leg> legs() {
        String script = Documentation.read(Path.of(".ci/run")).replaceAll("\\\\\\n *", "");
        String unrolled = LOOP.matcher(script).replaceAll(loop -> Matcher.quoteReplacement(unrolled(loop)));
        Matcher boot = BOOT.matcher(unrolled);
        assertThat(boot.find()).as("boot_leg in .ci/run").isTrue();
        String body = boot.group("body");
        String written = BOOT_CALL
                .matcher(unrolled.replace(body, ""))
                .replaceAll(call -> Matcher.quoteReplacement(body.replaceAll("\\$boot\\b", call.group(1))));
        return LEG.matcher(written)
                .results()
                .map(leg -> new Leg(leg.group(1), leg.group(2)))
                .toList();
    }

    private static String unrolled(MatchResult loop) {
        return List.of(loop.group(2).split(" ")).stream()
                .map(value -> loop.group(3).replaceAll("\\$" + loop.group(1) + "\\b", value))
                .collect(Collectors.joining());
    }
}
