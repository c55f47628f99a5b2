package dev.commithooks.recording;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.bookshop.shop.Tables.AUDIT_LOG;
import static dev.commithooks.bookshop.shop.Tables.STOCK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.Product;
import dev.commithooks.fixture.TestDatabase;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jooq.DSLContext;
import org.jooq.TableField;
import org.jooq.UniqueKey;
import org.jooq.impl.DSL;
import org.jooq.impl.Internal;
import org.jooq.impl.SQLDataType;
import org.jooq.impl.TableImpl;
import org.jooq.impl.UpdatableRecordImpl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Writes that do not look like what they are, and names that look like something else. */
@Database
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StatementsInDisguiseTest {

    private final TestDatabase database;

    StatementsInDisguiseTest(TestDatabase database) {
        this.database = database;
    }

    private Shop shop() {
        ShopRows.prepare(database.dsl());
        return Shop.in(
                database,
                database.pool(2),
                List.of(ACCOUNT, STOCK),
                builder -> builder.on(AUDIT_LOG, on -> on.afterCommitInsert((entry, ctx) -> {})));
    }

    /** A statement that writes the table of accounts, inside of something else. */
    enum Disguise {
        EXPLAINED(dsl -> dsl.execute("explain analyze update account set owner = 'x'")),
        EXPLAINED_WITH_OPTIONS(dsl -> dsl.fetch("explain (costs off, analyze) update account set owner = 'x'")),
        EXPLAINED_AFTER_WITH(dsl -> dsl.fetch("explain analyze with x as (select 1) delete from account")),
        PREPARED(dsl -> {
            dsl.execute("prepare later (text) as update account set owner = $1");
            dsl.execute("execute later ('x')");
            return dsl.execute("deallocate later");
        }),
        BLOCK(dsl -> dsl.execute("do language plpgsql $do$ begin update account set owner = 'x'; end $do$")),
        QUOTED_BLOCK(dsl -> dsl.execute("do 'begin delete from public.account; end'")),
        BLOCK_OF_JOOQ(
                dsl -> dsl.begin(dsl.update(ACCOUNT).set(ACCOUNT.OWNER, "x")).execute());

        private final Function<DSLContext, Object> work;

        Disguise(Function<DSLContext, Object> work) {
            this.work = work;
        }
    }

    @ParameterizedTest
    @EnumSource
    void writeInsideOfSomethingElseIsReported(Disguise disguise) {
        if (disguise != Disguise.EXPLAINED || database.product() != Product.H2) {
            database.assumeThatItHas(Ability.POSTGRESQL);
        }
        Shop shop = shop();
        int prepared = database.journal().size();

        shop.transaction(dsl -> disguise.work.apply(dsl));

        assertThat(database.journal()).hasSizeGreaterThan(prepared);
        assertThat(shop.bypasses()).isNotEmpty().containsOnly("public.account");
        assertThat(shop.after()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "explain update account set owner = 'x'",
                "explain (analyze) select * from account",
                "do $$ begin perform 1 from account for update; perform 1 from stock for update of stock nowait; end $$",
                "do $$ declare account int; begin account := 1; end $$"
            })
    @Needs(Ability.POSTGRESQL)
    void whatWritesNothingIsNotReported(String sql) {
        Shop shop = Shop.in(database); // a hook for all tables serves whatever a text names
        ShopRows.prepare(database.dsl());
        int prepared = database.journal().size();

        shop.transaction(dsl -> dsl.execute(sql));

        assertThat(database.journal()).hasSize(prepared);
        assertThat(shop.bypasses()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "delete from only (account) where id = 1",
                "update only (public.account) as a set owner = 'x'",
                "with one as (select 1) update only ( \"account\" ) set owner = 'x'"
            })
    @Needs(Ability.POSTGRESQL)
    void tableInParenthesesIsTheTable(String sql) {
        Shop shop = shop();
        int prepared = database.journal().size();

        shop.transaction(dsl -> dsl.execute(sql));

        assertThat(database.journal()).hasSizeGreaterThan(prepared);
        shop.assertThatWhatWasToldIs(
                database.journal().subList(prepared, database.journal().size()));
        assertThat(shop.bypasses()).isEmpty();
    }

    /** Of such a batch the driver counts nothing. */
    @Test
    @Needs(Ability.POSTGRESQL)
    void batchOfStatementsThatReturnRowsCountsAsWithoutHooks() {
        Shop shop = shop();
        int prepared = database.journal().size();
        Function<DSLContext, int[]> batch = dsl -> dsl.batch(dsl.insertInto(ACCOUNT, ACCOUNT.OWNER)
                        .values((String) null)
                        .returning(ACCOUNT.ID))
                .bind("x")
                .bind("y")
                .execute();

        int[] plain = database.dsl().transactionResult(tx -> batch.apply(tx.dsl()));
        int written = database.journal().size();
        int[] hooked = shop.dsl().transactionResult(tx -> batch.apply(tx.dsl()));

        assertThat(hooked).isEqualTo(plain);
        assertThat(written).isEqualTo(prepared + 2);
        shop.assertThatWhatWasToldIs(
                database.journal().subList(written, database.journal().size()));
    }

    @Test
    @Needs(Ability.POSTGRESQL)
    void tablesUnderTheNamesThatAreOursAreReported() {
        Shop shop = shop();
        var ours = ACCOUNT.as("ch_new");
        var others = STOCK.as("ch_old");

        shop.transaction(dsl -> {
            assertThat(dsl.deleteFrom(ours).where(ours.ID.eq(1L)).execute()).isEqualTo(1);
            assertThat(dsl.update(ACCOUNT)
                            .set(ACCOUNT.OWNER, others.SHELF)
                            .from(others)
                            .where(others.ISBN.eq("1"))
                            .execute())
                    .isEqualTo(1);
        });

        assertThat(shop.bypasses()).containsExactly("public.account", "public.account");
        assertThat(shop.after()).isEmpty();
    }

    /** A quoted name is a name. */
    @Test
    @Needs(Ability.POSTGRESQL)
    void tableIsNamedLikeAKeyword() {
        DSLContext plain = database.dsl();
        plain.execute("create table \"only\" (id integer primary key); select journal.watch('\"only\"')");
        try {
            Shop shop = Shop.in(database, database.pool(2), List.of(OddlyNamed.ONLY), builder -> builder);
            int prepared = database.journal().size();

            shop.transaction(dsl -> {
                dsl.insertInto(OddlyNamed.ONLY, OddlyNamed.ONLY.id).values(1).execute();
                dsl.execute("update \"only\" set id = 2");
                dsl.execute("delete from only \"only\"");
            });

            assertThat(database.journal()).hasSize(prepared + 3);
            shop.assertThatWhatWasToldIs(
                    database.journal().subList(prepared, database.journal().size()));
        } finally {
            plain.execute("drop table \"only\"");
        }
    }

    /** PostgreSQL returns 1,664 columns at most, so of a table with more than half of them not both versions. */
    @Test
    @Needs(Ability.POSTGRESQL)
    void statementOnATableOfVeryManyColumnsIsReported() {
        OddlyNamed wide = new OddlyNamed("wide", 900);
        DSLContext plain = database.dsl();
        plain.execute("create table wide (id integer primary key, "
                + Stream.of(wide.fields())
                        .skip(1)
                        .map(f -> f.getName() + " integer")
                        .collect(Collectors.joining(", "))
                + ")");
        try {
            Shop shop = Shop.in(database, database.pool(2), List.of(wide), builder -> builder);
            plain.execute("insert into wide (id) values (1)");

            shop.transaction(dsl ->
                    assertThat(dsl.update(wide).set(wide.id, 2).execute()).isEqualTo(1));

            assertThat(plain.fetchValue("select id from wide")).isEqualTo(2);
            assertThat(shop.bypasses()).containsExactly("public.wide");
        } finally {
            plain.execute("drop table wide");
        }
    }

    /** Tables that a code generator would make in an unusual schema. */
    @SuppressWarnings({"serial", "unchecked", "rawtypes"}) // never written
    static final class OddlyNamed extends TableImpl<OddlyNamed.OddRecord> {

        static final OddlyNamed ONLY = new OddlyNamed("only", 1);

        final TableField<OddRecord, Integer> id =
                createField(DSL.name("id"), SQLDataType.INTEGER.nullable(false), this);

        OddlyNamed(String name, int columns) {
            super(DSL.name(name), DSL.schema(DSL.name("public")));
            for (int i = 1; i < columns; i++) {
                createField(DSL.name("c" + i), SQLDataType.INTEGER, this);
            }
        }

        @Override
        public Class<OddRecord> getRecordType() {
            return OddRecord.class;
        }

        @Override
        public UniqueKey<OddRecord> getPrimaryKey() {
            return Internal.createUniqueKey(this, DSL.name(getName() + "_pkey"), new TableField[] {id}, true);
        }

        static final class OddRecord extends UpdatableRecordImpl<OddRecord> {

            OddRecord() {
                super(ONLY);
            }
        }
    }
}
