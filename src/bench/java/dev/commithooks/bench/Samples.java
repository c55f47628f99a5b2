package dev.commithooks.bench;

import java.util.Arrays;

/** Samples of one thing, and their median with the interval it lies in with 95 % confidence (by order statistics). */
final class Samples {

    private double[] values = new double[256];
    private int size;

    void add(double value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, size * 2);
        }
        values[size++] = value;
    }

    int size() {
        return size;
    }

    double median() {
        return at(0.5 * (size - 1));
    }

    double low() {
        return at(0.5 * (size - 1) - 0.98 * Math.sqrt(size));
    }

    double high() {
        return at(0.5 * (size - 1) + 0.98 * Math.sqrt(size));
    }

    private double at(double position) {
        Arrays.sort(values, 0, size);
        double inside = Math.max(0, Math.min(size - 1, position));
        int below = (int) Math.floor(inside);
        int above = (int) Math.ceil(inside);
        return values[below] + (values[above] - values[below]) * (inside - below);
    }
}
