/** Typed hooks per table, fired at the boundary of jOOQ transactions. */
module dev.commithooks {
    requires transitive java.sql;
    requires transitive org.jooq;
    requires transitive static org.jspecify;
    requires static jdk.jfr;
    requires transitive static com.github.kagkarlsson.scheduler;
    requires transitive static org.junit.jupiter.api;
    requires transitive static micrometer.core;
    requires transitive static micrometer.observation;
    requires static org.junit.platform.commons;
    requires static jakarta.persistence;
    requires transitive static jakarta.transaction;
    requires static java.transaction.xa;
    requires static jboss.transaction.spi;
    requires static spring.aop;
    requires static spring.beans;
    requires static spring.boot;
    requires static spring.boot.actuator;
    requires static spring.boot.actuator.autoconfigure;
    requires static spring.boot.autoconfigure;
    requires static spring.context;
    requires static spring.core;
    requires static spring.jdbc;
    requires static spring.test;
    requires static spring.orm;
    requires transitive static spring.tx;

    exports dev.commithooks;
    exports dev.commithooks.change;
    exports dev.commithooks.durable;
    exports dev.commithooks.hook;
    exports dev.commithooks.jfr;
    exports dev.commithooks.jta;
    exports dev.commithooks.junit;
    exports dev.commithooks.micrometer;
    exports dev.commithooks.policy;
    exports dev.commithooks.resolver;
    exports dev.commithooks.spi;
    exports dev.commithooks.spring;
    exports dev.commithooks.spring.boot;
    exports dev.commithooks.spring.test;
    exports dev.commithooks.storage;
    exports dev.commithooks.testing;
    exports dev.commithooks.timeline;
    exports dev.commithooks.transaction;

    opens dev.commithooks.spring.boot to
            spring.beans,
            spring.context,
            spring.core;
}
