package dev.commithooks.spring;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.change.Change;
import dev.commithooks.fixture.AccountEntity;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.hook.HookContext;
import dev.commithooks.transaction.TransactionInDoubtException;
import jakarta.persistence.FlushModeType;
import java.util.List;
import java.util.Objects;
import org.hibernate.FlushMode;
import org.hibernate.Session;
import org.jooq.Record;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.orm.ObjectOptimisticLockingFailureException;
import org.springframework.transaction.support.TransactionTemplate;

/** Entities of JPA, rows of jOOQ and of JdbcTemplate in one transaction of a JpaTransactionManager. */
@Database
class JpaTest {

    private final TestDatabase database;
    private List<String> seenBefore = List.of();
    private final HookJournal told = new HookJournal() {
        @Override
        protected void before(Change<Record> change, HookContext ctx) throws Exception {
            super.before(change, ctx);
            seenBefore = ctx.dsl()
                    .select(ACCOUNT.OWNER)
                    .from(ACCOUNT)
                    .orderBy(ACCOUNT.ID)
                    .fetch(ACCOUNT.OWNER);
        }
    };
    private final SpringWorld world;

    JpaTest(TestDatabase database) {
        this.database = database;
        this.world = new SpringWorld(Managers.JPA, database.pool(1), told);
    }

    private static AccountEntity persisted(String owner) {
        AccountEntity account = new AccountEntity(owner);
        Hibernate.entities().persist(account);
        return account;
    }

    private List<String> owners() {
        return database.dsl()
                .select(ACCOUNT.OWNER)
                .from(ACCOUNT)
                .orderBy(ACCOUNT.ID)
                .fetch(ACCOUNT.OWNER);
    }

    @Test
    void entitiesAndRecordsAreOfOneTransactionAndOnlyRecordsAreToldOf() {
        world.template().executeWithoutResult(status -> {
            persisted("entity").owner = "entity, renamed";
            world.store("record");
            new JdbcTemplate(world.dataSource).update("insert into account (owner) values ('template')");
        });
        catchThrowable(() -> world.template().executeWithoutResult(status -> {
            persisted("entity, undone");
            world.store("record, undone");
            throw new IllegalArgumentException();
        }));

        assertThat(owners()).containsExactly("entity, renamed", "record", "template");
        assertThat(seenBefore).containsExactly("entity, renamed", "record", "template");
        assertThat(told.events())
                .containsExactly(
                        "before insert account[2]", "after insert account[2]", "failed WORK insert account[5]");
        world.assertNothingIsBound();
    }

    @Test
    void entityThatTheDatabaseRefusesIsNoCommitInDoubt() {
        Throwable thrown = catchThrowable(() -> world.template().executeWithoutResult(status -> {
            world.store("record");
            persisted("entity").balance = -1;
        }));

        assertThat(thrown).isInstanceOf(DataIntegrityViolationException.class);
        assertThat(told.events()).containsExactly("failed WORK insert account[1]");
        assertThat(owners()).isEmpty();
    }

    @Test
    void staleEntityIsNoCommitInDoubt() {
        Throwable thrown = catchThrowable(() -> world.template().executeWithoutResult(status -> {
            world.store("record");
            AccountEntity stale = persisted("entity");
            world.dsl
                    .deleteFrom(ACCOUNT)
                    .where(ACCOUNT.ID.eq(Objects.requireNonNull(stale.id)))
                    .execute();
            stale.owner = "entity, renamed";
        }));

        assertThat(thrown).isInstanceOf(ObjectOptimisticLockingFailureException.class);
        assertThat(world.told("after", "in doubt")).isEmpty();
        assertThat(world.told("failed")).contains("insert account[1]");
        assertThat(owners()).isEmpty();
    }

    @Test
    void whatJpaWouldNotWriteByItselfIsNotWritten() {
        world.template().executeWithoutResult(status -> {
            persisted("entity").owner = "at COMMIT";
            Hibernate.entities().setFlushMode(FlushModeType.COMMIT);
            world.store("record");
        });
        assertThat(seenBefore).containsExactly("entity", "record");
        assertThat(owners()).containsExactly("at COMMIT", "record");

        world.template().executeWithoutResult(status -> {
            persisted("by hand").owner = "never";
            Hibernate.entities().unwrap(Session.class).setHibernateFlushMode(FlushMode.MANUAL);
            world.store("record");
        });
        assertThat(owners()).containsExactly("at COMMIT", "record", "by hand", "record");
        assertThat(world.told("after")).containsExactly("insert account[2]", "insert account[4]");
    }

    @Test
    void readOnlyTransactionWritesNoEntity() {
        TransactionTemplate readOnly = world.template();
        readOnly.setReadOnly(true);
        database.dsl().insertInto(ACCOUNT).set(ACCOUNT.OWNER, "ann").execute();

        readOnly.executeWithoutResult(status -> {
            Hibernate.entities().find(AccountEntity.class, 1L).owner = "bob";
            assertThat(world.dsl.fetchCount(ACCOUNT)).isOne();
        });
        assertThatThrownBy(() -> readOnly.executeWithoutResult(status -> world.store("cat")))
                .isNotInstanceOf(TransactionInDoubtException.class);

        assertThat(owners()).containsExactly("ann");
        assertThat(told.events()).isEmpty();
    }
}
