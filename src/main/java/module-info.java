/** Typed hooks per table, fired at the boundary of jOOQ transactions. */
module dev.commithooks {
    requires transitive java.sql;
    requires transitive org.jooq;
    requires transitive static org.jspecify;
    requires static jdk.jfr;
}
