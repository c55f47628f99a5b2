package retry;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;

import database.ExampleDatabase;
import dev.commithooks.CommitHooks;
import dev.commithooks.Transactions;
import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.change.Updated;
import dev.commithooks.hook.AfterCommitHooks;
import dev.commithooks.hook.FailedCommitHooks;
import dev.commithooks.hook.HookContext;
import dev.commithooks.policy.RetryPolicy;
import dev.commithooks.transaction.IsolationLevel;
import java.math.BigDecimal;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;

/**
 * Ann and Ben pay into the same till at the same time, under SERIALIZABLE. Both have read it before either writes, so one of
 * them must lose: he is run again, and hooks tell of each payment once.
 */
public final class Retry {

    private final DSLContext dsl;
    private final CountDownLatch bothHaveRead = new CountDownLatch(2);
    private final CountDownLatch annHasPaid = new CountDownLatch(1);

    private Retry(DataSource dataSource) {
        CommitHooks hooks =
                CommitHooks.builder().register(ACCOUNT, new Statements()).build();
        dsl = hooks.attachTo(DSL.using(dataSource, SQLDialect.POSTGRES));
    }

    public static void main(String... args) {
        try (ExampleDatabase database = ExampleDatabase.open(args)) {
            new Retry(database.dataSource()).run();
        }
    }

    private void run() {
        dsl.transaction(tx -> {
            open(tx, "till", "0.00");
            open(tx, "Ann", "100.00");
            open(tx, "Ben", "100.00");
        });
        CompletableFuture<Void> ann = CompletableFuture.runAsync(() -> pay("Ann", "30.00"));
        pay("Ben", "50.00");
        ann.join();
        dsl.selectFrom(ACCOUNT)
                .orderBy(ACCOUNT.ID)
                .forEach(account -> System.out.println(account.getOwner() + ": " + account.getBalance()));
    }

    private void pay(String payer, String amount) {
        // region: retry
        Transactions.with(dsl)
                .isolation(IsolationLevel.SERIALIZABLE)
                .retry(RetryPolicy.attempts(3))
                .name(payer)
                .run(tx -> {
                    AccountRecord till = account(tx, "till");
                    AccountRecord own = account(tx, payer);
                    own.setBalance(own.getBalance().subtract(new BigDecimal(amount)));
                    own.store();
                    letTheOtherReadToo(payer);
                    till.setBalance(till.getBalance().add(new BigDecimal(amount)));
                    till.store();
                });
        // endregion
        annHasPaid.countDown();
    }

    /** Makes them collide, and Ben the one who is late. */
    private void letTheOtherReadToo(String payer) throws InterruptedException {
        bothHaveRead.countDown();
        bothHaveRead.await();
        if (payer.equals("Ben")) {
            annHasPaid.await();
        }
    }

    private static void open(Configuration tx, String owner, String balance) {
        AccountRecord account = tx.dsl().newRecord(ACCOUNT);
        account.setOwner(owner);
        account.setBalance(new BigDecimal(balance));
        account.store();
    }

    private static AccountRecord account(Configuration tx, String owner) {
        return tx.dsl().fetchSingle(ACCOUNT, ACCOUNT.OWNER.eq(owner));
    }

    private static final class Statements implements AfterCommitHooks<AccountRecord>, FailedCommitHooks<AccountRecord> {

        @Override
        public void afterCommitUpdate(Updated<AccountRecord> account, HookContext ctx) {
            print(
                    ctx,
                    "had " + account.oldRow().getBalance() + ", has "
                            + account.row().getBalance(),
                    account.row());
        }

        @Override
        public void failedCommitUpdate(Updated<AccountRecord> account, HookContext ctx) {
            print(ctx, "still has " + account.oldRow().getBalance(), account.row());
        }

        private static void print(HookContext ctx, String text, AccountRecord account) {
            String payment = ctx.transaction().name().orElse("") + "'s payment, attempt ";
            System.out.println(payment + ctx.transaction().attempt() + ": " + account.getOwner() + " " + text);
        }
    }
}
