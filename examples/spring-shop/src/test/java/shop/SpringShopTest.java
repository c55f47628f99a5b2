package shop;

import static org.assertj.core.api.Assertions.assertThat;
import static shop.db.Tables.PURCHASE;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jooq.DSLContext;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.client.TestRestTemplate;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;

/** The shop, started, and asked over HTTP. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@Import(EmbeddedDatabase.class)
class SpringShopTest {

    @Autowired
    private TestRestTemplate http;

    @Autowired
    private DSLContext dsl;

    private HttpStatusCode buy(String customer, Order.Line... lines) {
        return http.postForEntity("/purchases", new Order(customer, List.of(lines)), String.class)
                .getStatusCode();
    }

    @Test
    void whatIsCommittedIsMailedTakenFromStockAndCounted() {
        assertThat(buy("Ann", new Order.Line("The Dispossessed", 1), new Order.Line("Tehanu", 1)))
                .isEqualTo(HttpStatus.CREATED);
        assertThat(buy("Bob", new Order.Line("The Dispossessed", 1), new Order.Line("Tehanu", 1)))
                .isEqualTo(HttpStatus.CONFLICT);

        assertThat(dsl.select(PURCHASE.ID, PURCHASE.CUSTOMER)
                        .from(PURCHASE)
                        .orderBy(PURCHASE.ID)
                        .fetch()
                        .map(row -> row.value1() + " " + row.value2()))
                .containsExactly("1 Ann", "2 Ann");
        assertThat(http.getForObject("/mails", String[].class))
                .containsExactly(
                        "Thank you, Ann, for purchase 1",
                        "Thank you, Ann, for purchase 2",
                        "Sorry, Bob, you did not buy anything",
                        "Sorry, Bob, you did not buy anything");
        assertThat(http.getForObject("/stock", JsonNode.class).toString())
                .isEqualTo("{\"Tehanu\":0,\"The Dispossessed\":2}");

        assertThat(count("commithooks.transactions?tag=outcome:committed")).isEqualTo(1);
        assertThat(count("commithooks.transactions?tag=outcome:rolled_back&tag=stage:before_hook"))
                .isEqualTo(1);
        assertThat(count("commithooks.hooks?tag=hook:mails&tag=phase:after")).isEqualTo(2);
        assertThat(count("commithooks.hooks?tag=hook:mails&tag=phase:failed")).isEqualTo(2);
        assertThat(count("commithooks.hooks?tag=hook:stock&tag=outcome:threw")).isEqualTo(1);
    }

    private int count(String metric) {
        return http.getForObject("/actuator/metrics/" + metric, JsonNode.class)
                .at("/measurements/0/value")
                .asInt();
    }

    @Test
    void endpointShowsTheHooks() {
        JsonNode hooks =
                http.getForObject("/actuator/commithooks", JsonNode.class).at("/beans/commitHooks");

        assertThat(hooks.at("/tables/0/table").asText()).isEqualTo("public.purchase");
        assertThat(hooks.at("/tables/0/methods/beforeCommitInsert/0/name").asText())
                .isEqualTo("stock");
        assertThat(hooks.at("/tables/0/methods/afterCommitInsert/0/name").asText())
                .isEqualTo("mails");
        assertThat(hooks.at("/policies/buckets").asText()).isEqualTo("BUCKETED");
    }
}
