package shop;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** A shop whose mails are sent when purchases are committed, and whose stock is taken before. */
@SpringBootApplication
public class SpringShop {

    public static void main(String... args) {
        SpringApplication.run(SpringShop.class, args);
    }
}
