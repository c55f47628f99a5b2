package dev.commithooks.recording;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.bookshop.shop.Tables.STOCK;

import dev.commithooks.bookshop.shop.tables.daos.AccountDao;
import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Function;
import org.jooq.Cursor;
import org.jooq.DSLContext;
import org.jooq.Loader;
import org.jooq.LoaderOptionsStep;
import org.jooq.conf.Settings;
import org.jspecify.annotations.Nullable;

/** A statement that jOOQ makes for a record, a loader or a batch, or that is written as text. */
enum BatchOrTextStatement implements StatementCase {

    // Statements made for a record, the loader, batches ---------------------------------------------------------------

    EXECUTE_INSERT(dsl -> dsl.executeInsert(account(dsl, 9))),
    EXECUTE_UPDATE(dsl -> dsl.executeUpdate(account(dsl, 1))),
    EXECUTE_DELETE(dsl -> dsl.executeDelete(account(dsl, 1))),
    DAO_DELETE_BY_ID(dsl -> {
        new AccountDao(dsl.configuration()).deleteById(1L, 2L);
        return "";
    }),
    LOADER(dsl -> load(dsl.loadInto(ACCOUNT))),
    LOADER_IN_BULK(dsl -> load(dsl.loadInto(ACCOUNT).bulkAfter(2))),
    LOADER_IN_BATCHES(dsl -> load(dsl.loadInto(ACCOUNT).batchAfter(2))),
    LOADER_UPDATING(dsl -> load(dsl.loadInto(ACCOUNT).onDuplicateKeyUpdate())),
    BATCH_INSERT(dsl -> dsl.batch(dsl.insertInto(ACCOUNT, ACCOUNT.OWNER).values((String) null))
            .bind("x")
            .bind("y")
            .execute()),
    BATCH_UPDATE(dsl -> dsl.batch(
                    dsl.update(ACCOUNT).set(ACCOUNT.OWNER, (String) null).where(ACCOUNT.ID.eq((Long) null)))
            .bind("x", 1L)
            .bind("y", 99L)
            .bind("z", 2L)
            .execute()),
    BATCH_UPDATE_OF_ONE_ROW(dsl -> dsl.batch(
                    dsl.update(ACCOUNT).set(ACCOUNT.OWNER, (String) null).where(ACCOUNT.ID.eq((Long) null)))
            .bind("x", 1L)
            .bind("y", 1L)
            .execute()),
    BATCH_IN_CHUNKS(
            settings -> settings.withBatchSize(2),
            dsl -> dsl.batch(dsl.deleteFrom(ACCOUNT).where(ACCOUNT.ID.eq((Long) null)))
                    .bind(1L)
                    .bind(2L)
                    .bind(3L)
                    .execute()),
    BATCH_VIOLATION(dsl -> dsl.batch(
                    dsl.update(STOCK).set(STOCK.QUANTITY, (Integer) null).where(STOCK.ISBN.eq((String) null)))
            .bind(5, "1")
            .bind(-5, "2")
            .execute()),
    BATCH_PLAIN(dsl -> dsl.batch("update account set owner = ? where id = ?")
            .bind("x", 1L)
            .bind("y", 2L)
            .execute()),

    // Text ------------------------------------------------------------------------------------------------------------

    PLAIN_INSERT(dsl -> dsl.execute("insert into account (owner) values ('x'), ('; returning')")),
    PLAIN_UPDATE(dsl -> dsl.execute("/* a */ UPDATE ONLY \"public\".\"account\" AS a SET owner = ? -- it", "x")),
    PLAIN_UPDATE_WITH_SEMICOLON(dsl -> dsl.execute("update Public.Account set owner = 'x' where id = ? ; ", 1)),
    PLAIN_WITH(dsl -> dsl.execute("with x (a) as (select 'update b') update account set owner = a from x")),
    PLAIN_ON_CONFLICT(dsl -> dsl.execute("insert into stock (isbn, quantity) values ('1', 5), ('7', 5)"
            + " on conflict (isbn) do update set quantity = excluded.quantity")),
    PLAIN_DELETE(dsl -> dsl.execute("delete from account a using stock where a.id = 1 and isbn = '1'")),
    PLAIN_MERGE(
            17,
            dsl -> dsl.execute("merge into account as a using (select 1 as id) as one on a.id = one.id"
                    + " when matched then update set owner = 'x' when not matched then insert (owner) values ('x')")),
    PLAIN_MERGE_NOT_MATCHED_BY_SOURCE(
            17,
            dsl -> dsl.execute("merge into account as a using (select 1 as id) as one on a.id = one.id"
                    + " when matched then update set owner = 'x' when not matched by source then delete")),
    PLAIN_MERGE_RETURNING(
            17,
            dsl -> dsl.fetch("merge into account as a using (select 1 as id) as one on a.id = one.id"
                    + " when matched then update set owner = 'x' returning merge_action(), a.id")),
    PLAIN_RETURNING(dsl -> dsl.fetch("update account set owner = 'x' returning id, owner as name")),
    PLAIN_RETURNING_LAZY(dsl -> {
        try (Cursor<?> cursor = dsl.fetchLazy("delete from account returning *")) {
            return cursor.fetchNext();
        }
    }),
    PARSED_UPDATE(dsl -> dsl.execute(dsl.parser().parseQuery("update account set owner = 'x' where id = 1"))),
    PARSED_RETURNING(dsl -> dsl.fetch(dsl.parser().parseResultQuery("update account set owner = 'x' returning id")));

    private final StatementWork work;

    BatchOrTextStatement(Function<DSLContext, @Nullable Object> work) {
        this.work = new StatementWork(work);
    }

    BatchOrTextStatement(int since, Function<DSLContext, @Nullable Object> work) {
        this.work = new StatementWork(since, work);
    }

    BatchOrTextStatement(Function<Settings, Settings> settings, Function<DSLContext, @Nullable Object> work) {
        this.work = new StatementWork(settings, work);
    }

    @Override
    public StatementWork work() {
        return work;
    }

    private static AccountRecord account(DSLContext dsl, long id) {
        AccountRecord account = dsl.newRecord(ACCOUNT);
        account.setId(id);
        account.setOwner("x");
        return account;
    }

    private static String load(LoaderOptionsStep<AccountRecord> into) {
        try {
            Loader<AccountRecord> loader = into.loadCSV("id,owner\n11,x\n12,y\n13,z\n")
                    .fields(ACCOUNT.ID, ACCOUNT.OWNER)
                    .execute();
            return loader.processed() + " processed, " + loader.stored() + " stored, " + loader.errors();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
