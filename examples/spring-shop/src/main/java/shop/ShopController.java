package shop;

import static shop.db.Tables.PRODUCT;

import java.util.List;
import java.util.Map;
import org.jooq.DSLContext;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The shop over HTTP. */
@RestController
class ShopController {

    private final Purchases purchases;
    private final Mails mails;
    private final DSLContext dsl;

    ShopController(Purchases purchases, Mails mails, DSLContext dsl) {
        this.purchases = purchases;
        this.mails = mails;
        this.dsl = dsl;
    }

    @PostMapping("/purchases")
    @ResponseStatus(HttpStatus.CREATED)
    void buy(@RequestBody Order order) {
        purchases.buy(order);
    }

    @GetMapping("/stock")
    Map<String, Integer> stock() {
        return dsl.selectFrom(PRODUCT).orderBy(PRODUCT.NAME).fetchMap(PRODUCT.NAME, PRODUCT.STOCK);
    }

    @GetMapping("/mails")
    List<String> mails() {
        return mails.sent();
    }
}
