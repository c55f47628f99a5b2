package dev.commithooks.archfixture.utils;

/** In a package that has no place among the layers, and with state that anybody may change. */
public class Homeless {
    public int counter;
}
