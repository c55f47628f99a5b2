package shop;

import org.springframework.boot.SpringApplication;

/** The shop with its own database, to be tried: see the script {@code run}. */
final class TestSpringShop {

    private TestSpringShop() {}

    public static void main(String... args) {
        SpringApplication.from(SpringShop::main).with(EmbeddedDatabase.class).run(args);
    }
}
