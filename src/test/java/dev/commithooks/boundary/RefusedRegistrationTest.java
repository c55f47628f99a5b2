package dev.commithooks.boundary;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static dev.commithooks.bookshop.shop.Tables.PAGE_VIEW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.CommitHooksBuilder;
import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.change.Inserted;
import dev.commithooks.change.TableChanges;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.hook.AfterCommitHooks;
import dev.commithooks.hook.HookContext;
import dev.commithooks.hook.HookLambda;
import dev.commithooks.hook.HookOptions;
import dev.commithooks.hook.RecordHooks;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.RecordListener;
import org.jooq.TableRecord;
import org.jooq.impl.DSL;
import org.jooq.impl.DataSourceConnectionProvider;
import org.jooq.impl.DefaultConfiguration;
import org.jooq.impl.ThreadLocalTransactionProvider;
import org.junit.jupiter.api.Test;

/** Registrations and installations that nothing good could come of. */
@Database
class RefusedRegistrationTest extends RegistrationFixture {

    RefusedRegistrationTest(TestDatabase database) {
        super(database);
    }

    @Test
    void hookThatOverridesNothing() {
        assertThatThrownBy(() -> CommitHooks.builder().register(AUTHOR, new RecordHooks<AuthorRecord>() {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("overrides no hook method");
    }

    @Test
    void lambdaThatRegistersNothing() {
        assertThatThrownBy(() -> CommitHooks.builder().on(AUTHOR, on -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("registered nothing");
    }

    @Test
    void hookThatCouldNeverFire() {
        assertThatThrownBy(() -> CommitHooks.builder().on(PAGE_VIEW, on -> on.afterCommitUpdate((view, ctx) -> {})))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no primary key");
        assertThatThrownBy(
                        () -> CommitHooks.builder().on(DSL.table("book"), on -> on.afterCommitInsert((row, ctx) -> {})))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cannot be stored");
    }

    @Test
    void objectThatIsRegisteredForTheTableAlready() {
        Naming hook = new Naming("x");
        AfterCommitHooks<TableRecord<?>> forAll = new AfterCommitHooks<>() {
            @Override
            public void afterCommit(TableChanges<TableRecord<?>> changes, HookContext ctx) {}
        };
        HookLambda<Inserted<AuthorRecord>> lambda = (author, ctx) -> {};
        assertThatThrownBy(() -> CommitHooks.builder()
                        .register(AUTHOR, hook)
                        .register(AUTHOR.as("alias"), hook, HookOptions.named("y")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Hook 'y' is registered already for public.author")
                .hasMessageContaining("twice");
        assertThatThrownBy(() -> CommitHooks.builder()
                        .on(AUTHOR, on -> on.afterCommitInsert(lambda).afterCommitInsert(lambda)))
                .hasMessageContaining("registered already");
        assertThatThrownBy(
                        () -> CommitHooks.builder().registerAll(forAll, AUTHOR).registerAll(forAll, BOOK))
                .hasMessageContaining("one of these tables");

        CommitHooks.builder()
                .register(AUTHOR, hook)
                .register(AUTHOR, new Naming("x"))
                .registerAll(forAll, AUTHOR)
                .build();
    }

    @Test
    void nullAndEmptyNames() {
        CommitHooksBuilder builder = CommitHooks.builder();
        assertThatThrownBy(() -> builder.register(null, new Naming("x"))).hasMessageContaining("table");
        assertThatThrownBy(() -> builder.register(AUTHOR, null)).hasMessageContaining("hook");
        assertThatThrownBy(() -> builder.register(AUTHOR, new Naming("x"), null))
                .hasMessageContaining("options");
        assertThatThrownBy(() -> builder.buckets(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> HookOptions.named(" "))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must not be empty");
        assertThatThrownBy(() -> CommitHooks.current((DSLContext) null)).hasMessageContaining("dsl");
    }

    @Test
    void builderThatHasBuilt() {
        CommitHooksBuilder builder = CommitHooks.builder().register(AUTHOR, new Naming("x"));
        builder.build();

        assertThatThrownBy(builder::build).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> builder.register(BOOK, new Naming("y")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("another CommitHooks.builder()");
    }

    @Test
    void installingTwice() {
        CommitHooks hooks =
                CommitHooks.builder().register(AUTHOR, new Naming("x")).build();
        DSLContext dsl = hooks.attachTo(database.dsl());

        assertThatThrownBy(() -> hooks.attachTo(dsl))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("already");
    }

    @Test
    void bareThreadLocalProvider() {
        Configuration configuration = new DefaultConfiguration()
                .set(new ThreadLocalTransactionProvider(new DataSourceConnectionProvider(database.simpleDataSource())));

        assertThatThrownBy(() -> CommitHooks.builder()
                        .register(AUTHOR, new Naming("x"))
                        .build()
                        .attachTo(configuration))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("threadLocalTransactionProvider");
    }

    @Test
    void reactiveConfiguration() {
        Configuration configuration = new DefaultConfiguration().set(new NoReactiveDriver());

        assertThatThrownBy(() -> CommitHooks.builder()
                        .register(AUTHOR, new Naming("x"))
                        .build()
                        .attachTo(configuration))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("R2DBC");
    }

    @Test
    void configurationThatLostAListener() {
        DSLContext dsl =
                CommitHooks.builder().register(AUTHOR, new Naming("x")).build().attachTo(database.dsl());
        DSLContext broken = dsl.configuration().derive(new RecordListener() {}).dsl();
        DSLContext fine =
                dsl.configuration().deriveAppending(new RecordListener() {}).dsl();

        assertThatThrownBy(() -> broken.transaction(STORE_AUTHOR))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("RecordListenerProvider")
                .hasMessageContaining("deriveAppending");
        assertThat(database.journal()).isEmpty();
        fine.transaction(STORE_AUTHOR);
        assertThat(called).containsExactly("x");
    }

    /** A reactive connection factory, which is all that it takes. */
    private static final class NoReactiveDriver implements io.r2dbc.spi.ConnectionFactory {

        @Override
        public org.reactivestreams.Publisher<? extends io.r2dbc.spi.Connection> create() {
            throw new UnsupportedOperationException("never asked");
        }

        @Override
        public io.r2dbc.spi.ConnectionFactoryMetadata getMetadata() {
            return () -> "none";
        }
    }
}
