package dev.commithooks.pictures;

import dev.commithooks.fixture.DocTable;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pictures of tables: of one that another test compares with what happens, and of one that the benchmark wrote. */
class TablesPicturesTest {

    @Test
    void theSituationsAreThoseOfTheTable() {
        List<List<String>> table =
                DocTable.under("## Compared with @TransactionalEventListener", Pictures.FOLDER.resolve("SPRING.md"));

        Pictures.assertIs("spring.svg", new SituationsPicture(table).draw());
    }

    @Test
    void theCostsAreThoseOfTheTable() {
        Path page = Pictures.FOLDER.resolve("PERFORMANCE.md");

        Pictures.assertIs(
                "performance.svg",
                CostPicture.of(DocTable.under("### What a row costs, without I/O", page))
                        .draw());
    }
}
