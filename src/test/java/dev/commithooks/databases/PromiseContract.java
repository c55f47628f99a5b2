package dev.commithooks.databases;

import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.fixture.DocTable;
import dev.commithooks.fixture.Product;
import dev.commithooks.fixture.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each promise acted out on a database, and compared with what the page on databases says of it. With {@code
 * -Dcommithooks.databases.write=true} the page is made to say what happened, in this database's column.
 */
abstract class PromiseContract {

    private static final Path PAGE = Path.of("docs", "DATABASES.md");
    private static final String HEADING = "## Transactions";
    private static final List<Product> COLUMNS =
            List.of(Product.POSTGRESQL, Product.SQLITE, Product.H2, Product.H2_SERVER, Product.MARIADB, Product.MYSQL);

    private final TestDatabase database;

    PromiseContract(TestDatabase database) {
        this.database = database;
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource
    void isWhatThePageSays(Promise promise) throws Exception {
        String observed = promise.observed(new PromiseRun(database));
        int column = 1 + COLUMNS.indexOf(database.product());
        if (Boolean.getBoolean("commithooks.databases.write")) {
            write(promise, column, observed);
        }
        assertThat(row(promise).get(column)).as(promise.situation()).isEqualTo(observed);
    }

    private static List<String> row(Promise promise) {
        return DocTable.under(HEADING, PAGE).stream()
                .filter(row -> row.get(0).equals(promise.situation()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("the page has no row for: " + promise.situation()));
    }

    private static void write(Promise promise, int column, String observed) throws IOException {
        List<String> lines = Files.readAllLines(PAGE);
        lines.replaceAll(line -> {
            if (!line.replace("`", "").startsWith("| " + promise.situation() + " |")) {
                return line;
            }
            String[] cells = line.substring(1, line.lastIndexOf('|')).split("\\|", -1);
            cells[column] = " " + observed + " ";
            return "|" + String.join("|", cells) + "|";
        });
        Files.write(PAGE, lines);
    }

    @Test
    void pageTellsOfAllPromisesAndOfNoOther() {
        assertThat(DocTable.under(HEADING, PAGE).stream().map(row -> row.get(0)))
                .containsExactlyElementsOf(
                        Arrays.stream(Promise.values()).map(Promise::situation).toList());
    }
}
