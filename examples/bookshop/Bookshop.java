package bookshop;

import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static dev.commithooks.bookshop.shop.Tables.PURCHASE;
import static dev.commithooks.bookshop.shop.Tables.PURCHASE_LINE;
import static dev.commithooks.bookshop.shop.Tables.STOCK;

import bookshop.Shop.Item;
import database.ExampleDatabase;
import dev.commithooks.CommitHooks;
import dev.commithooks.hook.HookOptions;
import dev.commithooks.jfr.FlightRecorderObserver;
import dev.commithooks.policy.BucketMode;
import dev.commithooks.transaction.FailureStage;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.jooq.impl.DefaultConfiguration;

/**
 * A day in a small bookshop: orders are placed, changed, cancelled, and fail; hooks keep a search index, a cache and an
 * outgoing mailbox in step with what is committed. Each transaction is printed as it happens, and at the end the three are
 * compared with the database.
 */
public final class Bookshop {

    private static final String DISPOSSESSED = "9781473216605";
    private static final String TEHANU = "9781473223547";
    private static final String LAVINIA = "9780575084582";

    private final Timeline timeline = new Timeline(System.out);
    private final SearchIndex index = new SearchIndex();
    private final Mailbox mailbox = new Mailbox(timeline::note);
    private final OrderCache cache = new OrderCache();
    private final DSLContext plain;
    private final Shop shop;

    private Bookshop(ExampleDatabase database) {
        plain = DSL.using(database.dataSource(), SQLDialect.POSTGRES);
        CommitHooks hooks = CommitHooks.builder()
                .buckets(BucketMode.NET)
                .register(PURCHASE_LINE, new Shelves())
                .register(BOOK, index)
                .on(
                        STOCK,
                        HookOptions.named("SearchIndex"),
                        on -> on.afterCommit((stock, ctx) -> index.countCopies(stock)))
                .register(PURCHASE, mailbox)
                .register(PURCHASE, cache)
                .register(PURCHASE_LINE, cache)
                .on(
                        PURCHASE_LINE,
                        HookOptions.named("Clerk"),
                        on -> on.failedCommitInsert((line, ctx) -> {
                            FailureStage stage = ctx.failure().orElseThrow().stage();
                            timeline.note("line " + line.row().getLineNo() + " is not ordered: " + stage);
                        }))
                .observer(timeline)
                .observer(new FlightRecorderObserver())
                .build();
        DSLContext dsl = hooks.attachTo(DSL.using(new DefaultConfiguration()
                .set(database.dataSource())
                .set(SQLDialect.POSTGRES)
                .set(timeline.statements())));
        shop = new Shop(dsl, mailbox);
    }

    public static void main(String... args) {
        try (ExampleDatabase database = ExampleDatabase.open(args)) {
            new Bookshop(database).openForADay();
        }
    }

    private void openForADay() {
        timeline.story(
                "The shop opens: books, and copies of them on the shelves",
                () -> shop.open(DISPOSSESSED, TEHANU, LAVINIA));

        long anns = timeline.storyOf(
                "Ann orders two books; a before hook takes them off the shelf",
                () -> shop.place("Ann", new Item(DISPOSSESSED, 1), new Item(TEHANU, 2)));
        show(anns);

        timeline.story(
                "Ann adds a book and two gifts; a gift is no good, the book stays",
                () -> shop.addWithGifts(anns, new Item(LAVINIA, 1), new Item(TEHANU, 1), new Item(TEHANU, 0)));
        show(anns);

        timeline.sadStory(
                "Ben orders more than there is: a before hook refuses", () -> shop.place("Ben", new Item(TEHANU, 5)));

        timeline.sadStory(
                "Ben's card is declined while he orders", () -> shop.placeUnpaid("Ben", new Item(LAVINIA, 1)));

        timeline.sadStory(
                "Cid orders, and reviews a book that is not there: COMMIT fails",
                () -> shop.placeAndReview("Cid", new Item(LAVINIA, 1), 4711));

        long dees = timeline.storyOf(
                "Dee orders, and changes her mind within the transaction",
                () -> shop.placeAndChange("Dee", new Item(DISPOSSESSED, 3), 1));
        show(dees);

        mailbox.breakDown();
        timeline.sadStory(
                "Eve orders, the mail server is down: an after hook fails, her order stands",
                () -> shop.place("Eve", new Item(LAVINIA, 1)));
        mailbox.comeBack();

        timeline.story("Ann cancels: her books go back on the shelf", () -> shop.cancel(anns));
        show(anns);

        new Proof(plain, index, cache, mailbox).print(System.out);
    }

    /** Looks at an order as a web page would: from the cache, if it is there. */
    private void show(long order) {
        System.out.println("   order " + order + ": " + cache.get(order, plain));
    }
}
