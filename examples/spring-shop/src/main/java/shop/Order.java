package shop;

import java.util.List;

/** What somebody wants to buy. */
public record Order(String customer, List<Line> lines) {

    /** So many of a product. */
    public record Line(String product, int quantity) {}
}
