package dev.commithooks.recording;

import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.fixture.DocTable;
import dev.commithooks.fixture.Product;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page on databases says of statements what the matrix of statements is run to show. */
class DatabasesPageTest {

    private static final List<Product> COLUMNS = List.of(Product.SQLITE, Product.H2, Product.MARIADB, Product.MYSQL);

    private static final Map<String, List<PortableStatement>> ROWS = Map.ofEntries(
            Map.entry("insert", List.of(PortableInsert.INSERT, PortableInsert.INSERT_SELECT)),
            Map.entry("insert with a RETURNING", List.of(PortableInsert.INSERT_RETURNING)),
            Map.entry("insert that leaves duplicates alone", List.of(PortableInsert.INSERT_ON_CONFLICT_NOTHING)),
            Map.entry("update", List.of(PortableUpdate.UPDATE, PortableUpdate.UPDATE_RECORD)),
            Map.entry("update with a RETURNING", List.of(PortableUpdate.UPDATE_RETURNING)),
            Map.entry("delete", List.of(PortableDelete.DELETE, PortableDelete.DELETE_TEXT)),
            Map.entry("delete with a RETURNING", List.of(PortableDelete.DELETE_RETURNING)),
            Map.entry("delete from an alias", List.of(PortableDelete.DELETE_ALIAS)),
            Map.entry("upsert", List.of(PortableInsert.INSERT_UPSERT, PortableInsert.INSERT_UPSERT_INSERTS)),
            Map.entry(
                    "upsert of a record, merge()",
                    List.of(PortableInsert.RECORD_MERGED, PortableInsert.RECORD_WITH_IDENTITY_MERGED)),
            Map.entry(
                    "insert or replace, replace",
                    List.of(PortableInsert.INSERT_TEXT_OR_REPLACE, PortableInsert.REPLACE_TEXT)),
            Map.entry(
                    "JDBC batch of one query, of several",
                    List.of(PortableInsert.BATCH_OF_VALUES, PortableUpdate.BATCH_OF_QUERIES)));

    @Test
    void everyCellIsWhatTheMatrixShows() {
        List<List<String>> table = DocTable.under("## Statements that pass no record", Path.of("docs", "DATABASES.md"));

        assertThat(table.stream().map(row -> row.get(0))).containsExactlyInAnyOrderElementsOf(ROWS.keySet());
        assertThat(table)
                .allSatisfy(row -> assertThat(ROWS.get(row.get(0)))
                        .allSatisfy(statement -> assertThat(row.subList(1, row.size()))
                                .as(statement.name())
                                .containsExactlyElementsOf(Stream.of(COLUMNS.toArray(new Product[0]))
                                        .map(product -> statement.isToldOn(product) ? "yes" : "no")
                                        .toList())));
    }
}
