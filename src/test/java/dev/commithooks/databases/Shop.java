package dev.commithooks.databases;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;

import dev.commithooks.CommitHooks;
import dev.commithooks.CommitHooksBuilder;
import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.fixture.HookJournal;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.conf.Settings;
import org.jooq.impl.DSL;

/** A database with authors, and what hooks were told of them. */
final class Shop {

    final HookJournal told = new HookJournal();
    final DSLContext dsl;
    final DataSource dataSource;
    private final SQLDialect dialect;

    Shop(DataSource dataSource, SQLDialect dialect) {
        this.dataSource = dataSource;
        this.dialect = dialect;
        this.dsl = attached(hooks -> hooks);
    }

    DSLContext attached(UnaryOperator<CommitHooksBuilder> policies) {
        return policies.apply(CommitHooks.builder().registerAll(told)).build().attachTo(plain());
    }

    DSLContext plain() {
        return DSL.using(dataSource, dialect, settings());
    }

    static Settings settings() {
        return new Settings().withRenderSchema(false);
    }

    /** A new author, stored or not. */
    AuthorRecord author(DSLContext on, long id, String name) {
        AuthorRecord author = on.newRecord(AUTHOR);
        author.setId(id);
        author.setName(name);
        author.setEmail(name.replace(" ", "") + "@example.org");
        return author;
    }

    /** The names that are in the database, in the order of their keys. */
    List<String> rows() {
        return plain().select(AUTHOR.NAME).from(AUTHOR).orderBy(AUTHOR.ID).fetch(AUTHOR.NAME);
    }

    /** Executes SQL by itself. */
    void execute(String... statements) {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
