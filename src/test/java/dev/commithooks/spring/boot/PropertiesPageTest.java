package dev.commithooks.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.fixture.DocTable;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jooq.tools.json.JSONParser;
import org.jooq.tools.json.ParseException;
import org.junit.jupiter.api.Test;

/** The page's table of properties, the metadata that IDEs read, and the class that is bound. */
class PropertiesPageTest {

    @Test
    void tableListsThePropertiesOfTheMetadata() throws Exception {
        assertThat(DocTable.under("## Properties", Path.of("docs/SPRING.md")).stream()
                        .map(row -> row.get(0) + " = " + row.get(1)))
                .containsExactlyInAnyOrderElementsOf(properties()
                        .map(property -> property.get("name") + " = " + property.get("defaultValue"))
                        .toList());
    }

    @Test
    void tableListsAllValuesOfEachPolicy() throws Exception {
        Map<String, String> values = DocTable.under("## Properties", Path.of("docs/SPRING.md")).stream()
                .collect(java.util.stream.Collectors.toMap(row -> row.get(0), row -> row.get(2)));

        for (Map<String, Object> property : properties().toList()) {
            Class<?> type = Class.forName(String.valueOf(property.get("type")));
            if (type.isEnum()) {
                List<String> constants = Stream.of(type.getEnumConstants())
                        .map(constant ->
                                constant.toString().toLowerCase(Locale.ROOT).replace('_', '-'))
                        .toList();
                assertThat(values.get(String.valueOf(property.get("name")))).startsWith(String.join(", ", constants));
            }
        }
    }

    @Test
    void metadataListsThePropertiesThatAreBound() throws Exception {
        List<String> bound = Stream.of(CommitHooksProperties.class.getDeclaredMethods())
                .map(Method::getName)
                .filter(name -> name.startsWith("set"))
                .map(name -> "commit-hooks"
                        + name.substring(3)
                                .replaceAll("([A-Z])", "-$1")
                                .toLowerCase(Locale.ROOT)
                                .replaceFirst("-", "."))
                .toList();

        assertThat(properties()
                        .filter(property -> property.containsKey("sourceType"))
                        .map(property -> property.get("name").toString()))
                .containsExactlyInAnyOrderElementsOf(bound);
    }

    @SuppressWarnings("unchecked")
    private static Stream<Map<String, Object>> properties() throws IOException, ParseException {
        try (InputStream metadata =
                CommitHooksProperties.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            String text = new String(Objects.requireNonNull(metadata).readAllBytes(), StandardCharsets.UTF_8);
            Map<String, Object> parsed = (Map<String, Object>) new JSONParser().parse(text);
            List<Object> all = (List<Object>) Objects.requireNonNull(parsed.get("properties"));
            return all.stream()
                    .map(property -> (Map<String, Object>) property)
                    .filter(property -> property.get("name").toString().startsWith("commit-hooks."));
        }
    }
}
