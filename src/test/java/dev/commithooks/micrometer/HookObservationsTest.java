package dev.commithooks.micrometer;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.Transactions;
import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.bookshop.shop.tables.records.BookRecord;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.DocTable;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.transaction.AfterCommitException;
import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.ObservationView;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;

/** Observations as a tracer gets them. */
@Database
class HookObservationsTest {

    private final TestDatabase database;
    private final ObservationRegistry registry = ObservationRegistry.create();
    private final List<String> stopped = new ArrayList<>();
    private final List<String> current = new ArrayList<>();
    private final Map<String, Map<String, String>> keys = new TreeMap<>();

    HookObservationsTest(TestDatabase database) {
        this.database = database;
        registry.observationConfig().observationHandler(new ObservationHandler<>() {
            @Override
            public void onStop(Observation.Context context) {
                stopped.add(line(context));
                keys.computeIfAbsent(context.getName(), name -> new TreeMap<>()).putAll(keys(context));
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return true;
            }
        });
    }

    /** The keys of an observation, each low or high. */
    private static Map<String, String> keys(Observation.Context context) {
        Map<String, String> keys = new TreeMap<>();
        context.getLowCardinalityKeyValues().forEach(pair -> keys.put(pair.getKey(), "low"));
        context.getHighCardinalityKeyValues().forEach(pair -> keys.put(pair.getKey(), "high"));
        return keys;
    }

    @Test
    void pageOnObservationsListsThoseThatAreMade() {
        Transactions.with(dsl()).name("named").run(tx -> store(tx.dsl(), "ann"));

        Map<String, Map<String, String>> page = new TreeMap<>();
        for (List<String> row : DocTable.under("## Traces", Path.of("docs/OBSERVABILITY.md"))) {
            Map<String, String> documented = page.computeIfAbsent(row.get(0), name -> new TreeMap<>());
            Stream.of(row.get(2).split(", ")).forEach(key -> documented.put(key, "low"));
            Stream.of(row.get(3).split(", ")).forEach(key -> documented.put(key, "high"));
        }
        assertThat(page).isEqualTo(keys);
    }

    /** The observation with those around it, its tags and its error. */
    private static String line(Observation.Context context) {
        StringBuilder line = new StringBuilder(String.valueOf(context.getContextualName()));
        for (ObservationView view = context.getParentObservation();
                view != null;
                view = view.getContextView().getParentObservation()) {
            line.append(" < ").append(view.getContextView().getContextualName());
        }
        Map<String, String> tags = context.getLowCardinalityKeyValues().stream()
                .collect(Collectors.toMap(KeyValue::getKey, KeyValue::getValue));
        if (tags.containsKey("outcome")) {
            line.append(" ").append(tags.get("outcome")).append(" ").append(tags.get("stage"));
        } else if (tags.containsKey("table")) {
            line.append(" ").append(tags.get("table")).append(" ").append(tags.get("phase"));
        }
        return context.getError() == null
                ? line.toString()
                : line.append(" ! ").append(context.getError().getMessage()).toString();
    }

    private DSLContext dsl() {
        return CommitHooks.builder()
                .observer(new HookObservations(registry))
                .on(
                        AUTHOR,
                        on -> on.beforeCommitInsert((author, ctx) -> note()).afterCommitInsert((author, ctx) -> {
                            note();
                            if (author.row().getName().equals("bad")) {
                                throw new IllegalStateException("no mail");
                            }
                            ctx.dsl().transaction(tx -> {
                                BookRecord book = tx.dsl().newRecord(BOOK);
                                book.setTitle("by " + author.row().getName());
                                book.store();
                            });
                            note();
                        }))
                .on(BOOK, on -> on.afterCommitInsert((book, ctx) -> note()))
                .build()
                .attachTo(DSL.using(database.pool(2), SQLDialect.POSTGRES));
    }

    /** The observation that is current where this is called. */
    private void note() {
        Observation observation = registry.getCurrentObservation();
        current.add(
                observation == null
                        ? "none"
                        : String.valueOf(observation.getContext().getContextualName()));
    }

    private static void store(DSLContext dsl, String name) {
        dsl.transaction(tx -> {
            AuthorRecord author = tx.dsl().newRecord(AUTHOR);
            author.setName(name);
            author.store();
        });
    }

    @Test
    void hooksAreChildrenOfTheirTransactionAndWhatTheyDoIsTheirs() {
        DSLContext dsl = dsl();

        Observation.createNotStarted("http", registry)
                .contextualName("POST /authors")
                .observe(() -> store(dsl, "ann"));

        String before = "beforeCommitInsert lambda in HookObservationsTest";
        String after = "afterCommitInsert lambda in HookObservationsTest";
        String request = " < transaction < POST /authors";
        assertThat(stopped)
                .containsExactly(
                        before + request + " public.author before",
                        after + " < transaction < " + after + request + " public.book after",
                        "transaction < " + after + request + " committed none",
                        after + request + " public.author after",
                        "transaction < POST /authors committed none",
                        "POST /authors");
        assertThat(current).containsExactly(before, after, after, after);
        assertThat(registry.getCurrentObservation()).isNull();
        assertThat(database.journal()).hasSize(2);
    }

    @Test
    void errorsAreThoseOfTheHookAndOfTheTransaction() {
        DSLContext dsl = dsl();

        assertThatThrownBy(() -> store(dsl, "bad")).isInstanceOf(AfterCommitException.class);
        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    AuthorRecord author = tx.dsl().newRecord(AUTHOR);
                    author.setName("cat");
                    author.store();
                    throw new IllegalArgumentException("changed her mind");
                }))
                .isInstanceOf(IllegalArgumentException.class);

        assertThat(stopped)
                .filteredOn(line -> line.contains("!") || line.startsWith("transaction"))
                .anySatisfy(line ->
                        assertThat(line).startsWith("afterCommitInsert").endsWith("public.author after ! no mail"))
                .contains("transaction committed none", "transaction rolled_back work ! changed her mind");
        assertThat(registry.getCurrentObservation()).isNull();
        assertThat(database.journal()).hasSize(1);
    }

    @Test
    void registryThatObservesNothingCostsNothing() {
        HookObservations observations = new HookObservations(ObservationRegistry.NOOP);
        DSLContext dsl = CommitHooks.builder()
                .observer(observations)
                .on(AUTHOR, on -> on.afterCommitInsert((author, ctx) -> note()))
                .build()
                .attachTo(DSL.using(database.pool(2), SQLDialect.POSTGRES));

        store(dsl, "ann");

        assertThat(current).containsExactly("none");
        assertThat(stopped).isEmpty();
    }
}
