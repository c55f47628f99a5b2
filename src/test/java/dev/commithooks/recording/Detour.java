package dev.commithooks.recording;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;

import dev.commithooks.bookshop.shop.tables.daos.AccountDao;
import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Consumer;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;

/** DML on the account table that no record passes. */
enum Detour {
    INSERT_INTO(dsl -> dsl.insertInto(ACCOUNT).set(ACCOUNT.OWNER, "x").execute()),
    INSERT_RETURNING(
            dsl -> dsl.insertInto(ACCOUNT).set(ACCOUNT.OWNER, "x").returning().fetch()),
    INSERT_SELECT(dsl -> dsl.insertInto(ACCOUNT, ACCOUNT.OWNER)
            .select(DSL.select(DSL.inline("x")))
            .execute()),
    INSERT_ON_CONFLICT(dsl -> dsl.insertInto(ACCOUNT)
            .set(ACCOUNT.ID, 1L)
            .set(ACCOUNT.OWNER, "x")
            .onDuplicateKeyUpdate()
            .set(ACCOUNT.OWNER, "y")
            .execute()),
    UPDATE(dsl -> dsl.update(ACCOUNT).set(ACCOUNT.OWNER, "x").execute()),
    UPDATE_OF_ALIAS(dsl -> {
        var alias = ACCOUNT.as("a");
        dsl.update(alias).set(alias.OWNER, "x").execute();
    }),
    UPDATE_RETURNING(
            dsl -> dsl.update(ACCOUNT).set(ACCOUNT.OWNER, "x").returning().fetch()),
    UPDATE_WITH(dsl -> dsl.with("one")
            .as(DSL.selectOne())
            .update(ACCOUNT)
            .set(ACCOUNT.OWNER, "x")
            .execute()),
    DELETE_FROM(dsl -> dsl.deleteFrom(ACCOUNT).execute()),
    MERGE_INTO(dsl -> dsl.mergeInto(ACCOUNT)
            .using(DSL.selectOne())
            .on(ACCOUNT.ID.eq(-1L))
            .whenNotMatchedThenInsert(ACCOUNT.OWNER)
            .values("x")
            .execute()),
    TRUNCATE(dsl -> dsl.truncate(ACCOUNT).execute()),
    EXECUTE_INSERT(dsl -> dsl.executeInsert(account(dsl))),
    EXECUTE_UPDATE(dsl -> dsl.executeUpdate(account(dsl))),
    EXECUTE_DELETE(dsl -> dsl.executeDelete(account(dsl))),
    DAO_DELETE_BY_ID(dsl -> new AccountDao(dsl.configuration()).deleteById(1L)),
    LOADER(dsl -> {
        try {
            dsl.loadInto(ACCOUNT).loadCSV("owner\nx\n").fields(ACCOUNT.OWNER).execute();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }),
    BATCH_OF_QUERIES(
            dsl -> dsl.batch(dsl.update(ACCOUNT).set(ACCOUNT.OWNER, "x")).execute()),
    BATCH_OF_BIND_VALUES(dsl -> dsl.batch(dsl.insertInto(ACCOUNT, ACCOUNT.OWNER).values((String) null))
            .bind("x")
            .bind("y")
            .execute()),
    PLAIN_INSERT(dsl -> dsl.execute("insert into account (owner) values ('x')")),
    PLAIN_UPDATE(dsl -> dsl.execute("/* a comment */ UPDATE ONLY \"public\".\"account\" SET owner = 'x'")),
    PLAIN_DELETE(dsl -> dsl.execute("delete from Public.Account where id = ?", 1)),
    PLAIN_TRUNCATE(dsl -> dsl.execute("truncate table review, account")),
    PLAIN_MERGE(dsl -> dsl.execute("merge into account using (select 1) as one on id = -1"
            + " when not matched then insert (owner) values ('x')")),
    PLAIN_WITH(dsl -> dsl.execute("with x (a) as (select 'update b') update account set owner = a from x")),
    PLAIN_RETURNING(dsl -> dsl.fetch("update account set owner = 'x' returning id")),
    PLAIN_SECOND_STATEMENT(dsl -> dsl.execute("select ';'; update account set owner = 'x'")),
    PLAIN_BATCH(dsl -> dsl.batch("update account set owner = 'x'").execute());

    private final Consumer<DSLContext> work;

    Detour(Consumer<DSLContext> work) {
        this.work = work;
    }

    void on(DSLContext dsl) {
        work.accept(dsl);
    }

    /** What the report says is to be done instead: a table that was to be emptied has no rows to be stored. */
    String advice() {
        return this == TRUNCATE || this == PLAIN_TRUNCATE ? "Delete the rows, with batchDelete()" : "store()";
    }

    /** Some are written in a way that only PostgreSQL understands. */
    void assumeThatItExistsIn(TestDatabase database) {
        switch (this) {
            case UPDATE_WITH, PLAIN_UPDATE, PLAIN_TRUNCATE, PLAIN_WITH, PLAIN_RETURNING ->
                database.assumeThatItHas(Ability.POSTGRESQL);
            case PLAIN_DELETE -> database.assumeThatItHas(Ability.SCHEMAS);
            case MERGE_INTO, PLAIN_MERGE -> database.assumeThatItHas(Ability.MERGE_STATEMENTS);
            case PLAIN_SECOND_STATEMENT -> {
                if (database.product().isMySql()) {
                    database.assumeThatItHas(Ability.POSTGRESQL);
                }
            }
            default -> {}
        }
    }

    private static AccountRecord account(DSLContext dsl) {
        AccountRecord account = dsl.newRecord(ACCOUNT);
        account.setId(1L);
        account.setOwner("x");
        return account;
    }
}
