package dev.commithooks.signals;

import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.change.Change;
import dev.commithooks.change.Deleted;
import dev.commithooks.change.Inserted;
import dev.commithooks.change.Updated;
import dev.commithooks.hook.AfterCommitHooks;
import dev.commithooks.hook.FailedCommitHooks;
import dev.commithooks.hook.HookContext;
import dev.commithooks.hook.InDoubtHooks;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** A hook that notes what it is told, as the page has it: {@code after insert ann}. */
final class Told
        implements AfterCommitHooks<AccountRecord>, FailedCommitHooks<AccountRecord>, InDoubtHooks<AccountRecord> {

    private final List<String> heard = new ArrayList<>();

    @Override
    public void afterCommitInsert(Inserted<AccountRecord> account, HookContext ctx) {
        heard.add("after insert " + account.row().getOwner());
    }

    @Override
    public void afterCommitUpdate(Updated<AccountRecord> account, HookContext ctx) {
        heard.add("after update "
                + account.row().getOwner()
                + ", from " + (account.knewOldRow() ? plain(account.oldRow().getBalance()) : "?")
                + " to " + plain(account.row().getBalance()));
    }

    @Override
    public void afterCommitDelete(Deleted<AccountRecord> account, HookContext ctx) {
        heard.add("after delete " + account.oldRow().getOwner());
    }

    @Override
    public void failedCommitInsert(Inserted<AccountRecord> account, HookContext ctx) {
        heard.add("failed insert " + account.row().getOwner() + ", "
                + ctx.failure().orElseThrow().stage());
    }

    @Override
    public void inDoubt(Change<AccountRecord> change, HookContext ctx) {
        heard.add("in doubt insert " + ((Inserted<AccountRecord>) change).row().getOwner());
    }

    private static String plain(BigDecimal balance) {
        return balance.stripTrailingZeros().toPlainString();
    }

    String heard() {
        return heard.isEmpty() ? "nothing" : String.join("; ", heard);
    }
}
