package bookshop;

import static dev.commithooks.bookshop.shop.Tables.PURCHASE;

import dev.commithooks.bookshop.shop.tables.records.PurchaseRecord;
import dev.commithooks.change.Inserted;
import dev.commithooks.change.Updated;
import dev.commithooks.hook.AfterCommitHooks;
import dev.commithooks.hook.FailedCommitHooks;
import dev.commithooks.hook.HookContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/** Outgoing mail: what is sent cannot be taken back, so nothing is sent before it is true. */
final class Mailbox implements AfterCommitHooks<PurchaseRecord>, FailedCommitHooks<PurchaseRecord> {

    private final List<String> sent = Collections.synchronizedList(new ArrayList<>());
    private final List<String> waiting = Collections.synchronizedList(new ArrayList<>());
    private final Consumer<String> note;
    private volatile boolean down;

    Mailbox(Consumer<String> note) {
        this.note = note;
    }

    @Override
    public void afterCommitInsert(Inserted<PurchaseRecord> order, HookContext ctx) {
        send(order.row().getId(), "is placed");
    }

    @Override
    public void afterCommitUpdate(Updated<PurchaseRecord> order, HookContext ctx) {
        if (order.changed(PURCHASE.STATUS)) {
            send(order.row().getId(), "is " + order.row().getStatus());
        }
    }

    @Override
    public void failedCommitInsert(Inserted<PurchaseRecord> order, HookContext ctx) {
        note.accept("no mail: " + ctx.failure().orElseThrow().stage());
    }

    void send(long order, String news) {
        String mail = "order " + order + " " + news;
        if (down) {
            waiting.add(mail);
            throw new IllegalStateException("the mail server is down");
        }
        sent.add(mail);
        note.accept("✉ " + mail);
    }

    void breakDown() {
        down = true;
    }

    /** Sends what could not be sent. */
    void comeBack() {
        down = false;
        sent.addAll(waiting);
        waiting.clear();
    }

    /** What was sent, in order. */
    List<String> contents() {
        return List.copyOf(sent);
    }
}
