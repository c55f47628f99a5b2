package dev.commithooks.faults;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;

import dev.commithooks.CommitHooks;
import dev.commithooks.CommitHooksBuilder;
import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.change.Change;
import dev.commithooks.change.Deleted;
import dev.commithooks.change.Inserted;
import dev.commithooks.change.Updated;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.hook.HookContext;
import dev.commithooks.hook.RecordHooks;
import dev.commithooks.transaction.Failure;
import dev.commithooks.transaction.FailureStage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Hooks of the table {@code account} that note what they are told, as text: {@code after INSERT ann}, {@code failed UPDATE
 * ann WORK}. Accounts are known by their owner's name. Thread-safe.
 */
public final class Told implements RecordHooks<AccountRecord> {

    /** What a hook does besides noting. */
    public interface Deed {
        void on(String event, HookContext ctx) throws Exception;
    }

    private final List<String> events = new ArrayList<>();
    private final List<Failure> failures = new ArrayList<>();
    private Deed deed = (event, ctx) -> {};

    /** Lets hooks do something when they have noted an event. */
    public Told doing(Deed what) {
        deed = what;
        return this;
    }

    public DSLContext attachTo(DSLContext dsl) {
        return attachTo(dsl, builder -> builder);
    }

    public DSLContext attachTo(DSLContext dsl, UnaryOperator<CommitHooksBuilder> settings) {
        return settings.apply(CommitHooks.builder().register(ACCOUNT, this))
                .build()
                .attachTo(dsl);
    }

    /** What was told so far. */
    public synchronized List<String> events() {
        return List.copyOf(events);
    }

    public synchronized List<Failure> failures() {
        return List.copyOf(failures);
    }

    public synchronized void note(String event) {
        events.add(event);
    }

    /** The names of the owners whose accounts are committed, asked on another connection. */
    public static List<String> owners(TestDatabase database) {
        return database.dsl()
                .select(ACCOUNT.OWNER)
                .from(ACCOUNT)
                .orderBy(ACCOUNT.ID)
                .fetch(ACCOUNT.OWNER);
    }

    /** Stores an account through a record. */
    public static AccountRecord store(Configuration tx, String owner) {
        AccountRecord account = tx.dsl().newRecord(ACCOUNT);
        account.setOwner(owner);
        account.store();
        return account;
    }

    private void tell(String phase, Change<AccountRecord> change, HookContext ctx) throws Exception {
        String stage = ctx.failure().map(Failure::stage).map(FailureStage::name).orElse("");
        String event = (phase + " " + change.type() + " " + owner(change) + " " + stage).strip();
        synchronized (this) {
            events.add(event);
            ctx.failure().ifPresent(failures::add);
        }
        deed.on(event, ctx);
    }

    private static @Nullable String owner(Change<AccountRecord> change) {
        if (change instanceof Inserted<AccountRecord> inserted) {
            return inserted.row().getOwner();
        }
        if (change instanceof Updated<AccountRecord> updated) {
            return updated.row().getOwner();
        }
        return ((Deleted<AccountRecord>) change).oldRow().getOwner();
    }

    @Override
    public void beforeCommitInsert(Inserted<AccountRecord> change, HookContext ctx) throws Exception {
        tell("before", change, ctx);
    }

    @Override
    public void beforeCommitUpdate(Updated<AccountRecord> change, HookContext ctx) throws Exception {
        tell("before", change, ctx);
    }

    @Override
    public void beforeCommitDelete(Deleted<AccountRecord> change, HookContext ctx) throws Exception {
        tell("before", change, ctx);
    }

    @Override
    public void afterCommitInsert(Inserted<AccountRecord> change, HookContext ctx) throws Exception {
        tell("after", change, ctx);
    }

    @Override
    public void afterCommitUpdate(Updated<AccountRecord> change, HookContext ctx) throws Exception {
        tell("after", change, ctx);
    }

    @Override
    public void afterCommitDelete(Deleted<AccountRecord> change, HookContext ctx) throws Exception {
        tell("after", change, ctx);
    }

    @Override
    public void failedCommitInsert(Inserted<AccountRecord> change, HookContext ctx) throws Exception {
        tell("failed", change, ctx);
    }

    @Override
    public void failedCommitUpdate(Updated<AccountRecord> change, HookContext ctx) throws Exception {
        tell("failed", change, ctx);
    }

    @Override
    public void failedCommitDelete(Deleted<AccountRecord> change, HookContext ctx) throws Exception {
        tell("failed", change, ctx);
    }

    @Override
    public void inDoubt(Change<AccountRecord> change, HookContext ctx) throws Exception {
        tell("inDoubt", change, ctx);
    }
}
