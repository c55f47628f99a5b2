package dev.commithooks.jta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jooq.DSLContext;
import org.junit.jupiter.api.Test;

/**
 * Random JTA transactions over two databases, with what applications do in them: nested and suspended ones, savepoints by hand,
 * synchronizations and before hooks that write or veto, swallowed errors, ends on other threads and past the decorators. As many
 * as {@code -Dcommithooks.jta.random=5000} says, from the seed {@code -Dcommithooks.jta.random-first} on.
 */
@NeedsRealCommits("XA connections")
class RandomJtaTest extends OrdersAndStock {

    private static final int TRANSACTIONS = Integer.getInteger("commithooks.jta.random", 40);
    private static final long FIRST = Long.getLong("commithooks.jta.random-first", 1);

    private final Map<String, Integer> ends = new TreeMap<>();

    RandomJtaTest(TestDatabase ordersDatabase) {
        super(ordersDatabase, 8);
        deed = this::inAHook;
    }

    @Test
    void hooksAreToldWhatBothDatabasesHold() throws Exception {
        List<String> wrong = new ArrayList<>();
        for (long seed = FIRST; seed < FIRST + TRANSACTIONS; seed++) {
            RandomTransaction one = new RandomTransaction(this, seed);
            Throwable thrown = one.run();
            String lies = lies(one);
            if (world.jta.transactions().size()
                    > 1) { // one that was marked before its first statement may wait for the next
                lies += " transactions are kept";
            }
            if (!lies.isEmpty()) {
                wrong.add("seed " + seed + ": " + lies + "\n  did " + one.did + "\n  told " + told.events()
                        + "\n  thrown " + thrown);
            }
            told.drain();
            ordersDatabase.reset();
            stockDatabase.reset();
        }
        System.getLogger(RandomJtaTest.class.getName())
                .log(System.Logger.Level.INFO, "{0} JTA transactions at random, rows told: {1}", TRANSACTIONS, ends);
        assertThat(wrong).isEmpty();
        world.inTransaction(() -> JtaWorld.store(orders, "the last"));
        assertThat(ends).containsKeys("after", "failed WORK", "failed SAVEPOINT");
    }

    private DSLContext of(String owner) {
        return owner.startsWith("A") ? orders : stock;
    }

    /** What a hook does, as the row's name says. */
    private void inAHook(String event) {
        if (!event.startsWith("before ")) {
            return;
        }
        String owner = event.substring("before ".length());
        if (owner.contains("veto")) {
            throw new IllegalStateException("veto");
        }
        if (owner.contains("writes")) {
            String other = owner.startsWith("A") ? "B" : "A";
            JtaWorld.store(of(other), other + owner.substring(1).replace("writes", "byhook"));
        }
    }

    /** What hooks were told that is not so, or were not told. */
    private String lies(RandomTransaction one) {
        List<String> lies = new ArrayList<>();
        List<String> there = new ArrayList<>(JtaWorld.owners(ordersDatabase));
        there.addAll(JtaWorld.owners(stockDatabase));
        Map<String, List<String>> toldOf = new HashMap<>();
        for (String event : told.events()) {
            String owner = event.substring(event.lastIndexOf(' ') + 1);
            if (!event.startsWith("before")) {
                toldOf.computeIfAbsent(owner, its -> new ArrayList<>()).add(event.substring(0, event.lastIndexOf(' ')));
            }
        }
        toldOf.forEach((owner, what) -> {
            ends.merge(String.join("+", what), 1, Integer::sum);
            if (what.size() > 1) {
                lies.add(owner + " told " + what);
            }
            if (what.contains("after") && !there.contains(owner)) {
                lies.add(owner + " told after, not there");
            }
            if (what.stream().anyMatch(it -> it.startsWith("failed")) && there.contains(owner)) {
                lies.add(owner + " told failed, is there");
            }
        });
        for (String owner : there) {
            if (!toldOf.containsKey(owner)) {
                lies.add(owner + " is there, nobody told");
            }
        }
        for (String owner : one.stored) {
            if (!toldOf.containsKey(owner)) {
                lies.add(owner + " was stored, nobody told");
            }
        }
        return String.join("; ", lies);
    }
}
