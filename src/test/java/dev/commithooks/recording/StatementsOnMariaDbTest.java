package dev.commithooks.recording;

import static dev.commithooks.bookshop.shop.Tables.PAGE_VIEW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.bookshop.shop.tables.records.PageViewRecord;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jooq.DSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** By MySQL's driver jOOQ speaks MySQL's dialect, and no statement's rows are told. */
@Database
@EnabledIfSystemProperty(
        named = "commithooks.test.database",
        matches = "mariadb|mysql",
        disabledReason = "needs a MariaDB server: say -Dcommithooks.test.database=mariadb, or mysql for MySQL's driver")
class StatementsOnMariaDbTest extends PortableStatementContract {

    private final TestDatabase database;

    StatementsOnMariaDbTest(TestDatabase database) {
        super(database);
        this.database = database;
    }

    @Test
    void firstWriteToATableWithoutTransactionsIsWarnedOf() {
        database.dsl().execute("alter table page_view engine = MyISAM");
        try {
            Shop shop = Shop.in(database);
            List<String> warnings = warnings(() -> {
                shop.transaction(dsl -> view(dsl, "1").insert());
                shop.transaction(dsl -> view(dsl, "2").insert());
            });
            assertThat(warnings)
                    .singleElement()
                    .asString()
                    .contains("page_view is stored by MyISAM", "engine = InnoDB");
            shop.assertThatWhatWasToldIsWhatWasWritten();
            assertThat(shop.after()).hasSize(2);
        } finally {
            database.dsl().execute("alter table page_view engine = InnoDB");
        }
    }

    private static PageViewRecord view(DSLContext dsl, String path) {
        PageViewRecord view = dsl.newRecord(PAGE_VIEW);
        view.setPath(path);
        return view;
    }

    private static List<String> warnings(Runnable work) {
        List<String> warnings = new CopyOnWriteArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord logged) {
                warnings.add(logged.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger("dev.commithooks");
        logger.addHandler(handler);
        try {
            work.run();
        } finally {
            logger.removeHandler(handler);
        }
        return warnings;
    }
}
