package dev.commithooks.jta.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.durable.DbSchedulerDelivery;
import dev.commithooks.durable.Deliveries;
import dev.commithooks.faults.Told;
import dev.commithooks.fixture.ChildJvms;
import dev.commithooks.fixture.ChildJvms.Child;
import dev.commithooks.fixture.Coordinator;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.transaction.Outcome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A process is killed by SIGKILL while it has a transaction at each step of a two-phase commit; a new one recovers, and what it
 * says of each is what both databases hold. Durable hooks of B are called for what B holds, whoever committed it.
 */
@NeedsRealCommits("two phases")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KilledProcessTest {

    private final TestDatabase a = TestDatabase.create();
    private final TestDatabase b = TestDatabase.createOnASecondServer();
    private final ChildJvms jvms = new ChildJvms();
    private final Map<Step, String> ids = new EnumMap<>(Step.class);
    private final Map<String, List<String>> late = new HashMap<>();
    private List<String> afterTheKill = List.of();
    private final List<String> delivered = new CopyOnWriteArrayList<>();

    @BeforeAll
    void killAndRecover(@TempDir Path log) {
        Child node = start("stop", log);
        for (Step step : Step.values()) {
            String[] words = node.says("transaction").split(" ");
            ids.put(Step.valueOf(words[1]), words[2]);
        }
        node.says("at all steps");
        node.kill();
        afterTheKill = describe();

        Child other = start("recover", log);
        other.output()
                .lines()
                .takeWhile(line -> !line.equals("recovered"))
                .map(line -> line.split(" "))
                .filter(words -> words[0].equals("late"))
                .forEach(words ->
                        late.computeIfAbsent(words[3], id -> new ArrayList<>()).add(words[1] + " " + words[2]));
        other.waitForItsEnd();
        deliver();
    }

    private Child start(String task, Path log) {
        return jvms.start(
                List.of(Coordinator.option()),
                JtaNode.class,
                task,
                log.toString(),
                a.jdbcUrl(),
                a.user(),
                a.password(),
                b.jdbcUrl(),
                b.user(),
                b.password());
    }

    private void deliver() {
        try (DbSchedulerDelivery delivery = DbSchedulerDelivery.on(b.realDataSource(), Deliveries.QUICK)) {
            JtaNode.delivering(b.dsl(), delivery, delivered::add);
            delivery.start();
            Deliveries.drained(delivery);
        }
    }

    /** What is committed and what is prepared. */
    private List<String> describe() {
        return Stream.of(a, b)
                .map(side -> Told.owners(side) + ", prepared: "
                        + side.dsl()
                                .fetchSingle(
                                        "select count(*) from pg_prepared_xacts where database = current_database()")
                                .get(0))
                .toList();
    }

    @AfterAll
    void close() {
        jvms.close();
        a.close();
        b.close();
    }

    @Test
    void theKillLeftEachStepAsItWas() {
        assertThat(afterTheKill)
                .containsExactly(
                        "[A_IS_COMMITTED, BOTH_ARE_COMMITTED], prepared: 3", "[BOTH_ARE_COMMITTED], prepared: 3");
    }

    @ParameterizedTest
    @EnumSource
    void bothDatabasesAgree(Step step) {
        assertThat(Told.owners(a).contains(step.name())).isEqualTo(step.isDecided());
        assertThat(Told.owners(b).contains(step.name())).isEqualTo(step.isDecided());
    }

    @Test
    void nothingIsPreparedAnyMore() {
        assertThat(describe()).allSatisfy(side -> assertThat(side).endsWith("prepared: 0"));
    }

    @ParameterizedTest
    @EnumSource
    void listenersHearOfTheEndOfWhatWasPrepared(Step step) {
        List<String> heard = late.getOrDefault(ids.get(step), List.of());

        assertThat(heard)
                .containsExactlyInAnyOrderElementsOf(
                        switch (step) {
                            case BEFORE_PREPARE -> List.of();
                            case A_IS_PREPARED -> List.of("A " + Outcome.ROLLED_BACK);
                            case BOTH_ARE_PREPARED -> List.of("A " + Outcome.ROLLED_BACK, "B " + Outcome.ROLLED_BACK);
                            case DECIDED -> List.of("A " + Outcome.COMMITTED, "B " + Outcome.COMMITTED);
                            case A_IS_COMMITTED -> List.of("B " + Outcome.COMMITTED);
                            case BOTH_ARE_COMMITTED -> List.of();
                        });
    }

    @Test
    void durableHooksAreCalledForWhatIsCommitted() {
        assertThat(delivered).containsExactlyInAnyOrderElementsOf(Told.owners(b));
    }
}
