package dev.commithooks.spring.boot;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.bookshop.shop.Tables.REVIEW;

import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.bookshop.shop.tables.records.ReviewRecord;
import dev.commithooks.change.Change;
import dev.commithooks.change.Inserted;
import dev.commithooks.change.Updated;
import dev.commithooks.hook.AfterCommitHooks;
import dev.commithooks.hook.FailedCommitHooks;
import dev.commithooks.hook.HookContext;
import dev.commithooks.hook.InDoubtHooks;
import dev.commithooks.testing.TestTransaction;
import dev.commithooks.transaction.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.transaction.support.TransactionTemplate;

/** A shop of accounts that publishes an event for each row it writes, and has somebody to hear of it. */
@EnableAutoConfiguration
abstract class ListeningApplication {

    @Bean
    Shop shop(DSLContext dsl, PlatformTransactionManager manager, ApplicationEventPublisher events, Told told) {
        return new Shop(dsl, manager, events, told);
    }

    @Bean
    Told told() {
        return new Told();
    }

    /** What was heard, and what is done about it. */
    static final class Told {

        private final List<String> lines = new ArrayList<>();
        private Consumer<String> afterwards = owner -> {};

        void after(String phase, String owner) {
            lines.add(phase + " " + owner);
            afterwards.accept(owner);
        }

        void other(String phase, String owner) {
            lines.add(phase + " " + owner);
        }

        void forget() {
            lines.clear();
        }

        List<String> lines() {
            return List.copyOf(lines);
        }
    }

    /** An event. */
    record Stored(String owner) {}

    /** Listens to both ends. */
    static class Listener {

        private final Told told;

        Listener(Told told) {
            this.told = told;
        }

        @TransactionalEventListener(phase = TransactionPhase.AFTER_COMMIT)
        public void afterCommit(Stored event) {
            told.after("AFTER_COMMIT", event.owner());
        }

        @TransactionalEventListener(phase = TransactionPhase.AFTER_ROLLBACK)
        public void afterRollback(Stored event) {
            told.other("AFTER_ROLLBACK", event.owner());
        }
    }

    /** Hears of all ends. */
    static final class Hook
            implements AfterCommitHooks<AccountRecord>, FailedCommitHooks<AccountRecord>, InDoubtHooks<AccountRecord> {

        private final Told told;

        Hook(Told told) {
            this.told = told;
        }

        @Override
        public void afterCommitInsert(Inserted<AccountRecord> account, HookContext ctx) {
            told.after("after", account.row().getOwner());
        }

        @Override
        public void afterCommitUpdate(Updated<AccountRecord> account, HookContext ctx) {
            told.after("after", account.row().getOwner());
        }

        @Override
        public void failedCommitInsert(Inserted<AccountRecord> account, HookContext ctx) {
            told.other(
                    "failed " + ctx.failure().orElseThrow().stage(),
                    account.row().getOwner());
        }

        @Override
        public void inDoubt(Change<AccountRecord> account, HookContext ctx) {
            told.other("in doubt", ((Inserted<AccountRecord>) account).row().getOwner());
        }
    }

    /** What the application does. */
    static final class Shop {

        private final DSLContext dsl;
        private final PlatformTransactionManager manager;
        private final ApplicationEventPublisher events;
        private final Told told;
        private @Nullable TestTransaction faults;

        Shop(DSLContext dsl, PlatformTransactionManager manager, ApplicationEventPublisher events, Told told) {
            this.dsl = dsl;
            this.manager = manager;
            this.events = events;
            this.told = told;
        }

        DSLContext dsl() {
            return dsl;
        }

        /** A situation begins: nothing has been heard, and nothing is to be done about it. */
        void begin(TestTransaction test) {
            faults = test;
            told.forget();
            told.afterwards = owner -> {};
        }

        void transactional(Runnable work) {
            run(TransactionDefinition.PROPAGATION_REQUIRED, work);
        }

        void nested(Runnable work) {
            run(TransactionDefinition.PROPAGATION_NESTED, work);
        }

        void requiresNew(Runnable work) {
            run(TransactionDefinition.PROPAGATION_REQUIRES_NEW, work);
        }

        private void run(int propagation, Runnable work) {
            TransactionTemplate template = new TransactionTemplate(manager);
            template.setPropagationBehavior(propagation);
            template.executeWithoutResult(status -> work.run());
        }

        AccountRecord open(String owner) {
            AccountRecord account = dsl.newRecord(ACCOUNT);
            rename(account, owner);
            return account;
        }

        void rename(AccountRecord account, String owner) {
            account.setOwner(owner);
            account.store();
            events.publishEvent(new Stored(owner));
        }

        void swallow(String sql) {
            try {
                dsl.execute(sql);
            } catch (DataAccessException swallowed) {
                // as applications do
            } catch (org.springframework.dao.DataAccessException swallowed) {
                // translated by Spring Boot
            }
        }

        void reviewNoBook() {
            ReviewRecord review = dsl.newRecord(REVIEW);
            review.setBookId(-1L);
            review.setRating((short) 5);
            review.store();
        }

        void loseTheAnswer(Outcome outcome) {
            Objects.requireNonNull(faults).faults().loseTheAnswerOfTheNextCommit(outcome);
        }

        void forget() {
            told.forget();
        }

        void afterwards(Consumer<String> reaction) {
            told.afterwards = reaction;
        }
    }
}
