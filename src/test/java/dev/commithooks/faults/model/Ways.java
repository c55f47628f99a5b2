package dev.commithooks.faults.model;

import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Product;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jooq.SQLDialect;

/**
 * The ways of a database in which the model's transactions are run, as far as they depend on them.
 *
 * @param hasFaultsOfTheNetwork whether the network may fail, where there is one
 * @param endsByHand whether the transaction may be ended by hand
 * @param isSprings whether the transactions are Spring's
 */
record Ways(Product product, boolean hasFaultsOfTheNetwork, boolean endsByHand, boolean isSprings) {

    /** What becomes of a savepoint when another one is set under its name. */
    enum SameName {
        /** The later one hides it until it is released. */
        HIDDEN,
        /** It is gone. */
        REPLACED,
        /** It is gone, and the later one cannot be released. */
        REPLACED_FOR_GOOD
    }

    /** What a duplicate does to a batch of inserts. */
    enum BatchFailure {
        /** Nothing of it is there: the transaction is aborted. */
        ABORTS,
        /** Nothing of it is there: it is one statement. */
        UNDOES,
        /** The other rows are inserted. */
        GOES_ON,
        /** The rows before it are inserted, and nobody says which. */
        STOPS
    }

    /** How a transaction loses against another one. */
    enum Contention {
        /** It is the victim of a deadlock. */
        DEADLOCK,
        /** The database is locked, if it has not locked it itself. */
        BUSY
    }

    boolean errorsAbort() {
        return product.can(Ability.ABORTED_TRANSACTIONS);
    }

    boolean defersConstraints() {
        return product.can(Ability.DEFERRED_CONSTRAINTS);
    }

    boolean ddlCommits() {
        return !product.can(Ability.TRANSACTIONAL_DDL);
    }

    Ways withoutFaultsOfTheNetwork() {
        return new Ways(product, false, endsByHand, isSprings);
    }

    Ways withoutEndsByHand() {
        return new Ways(product, hasFaultsOfTheNetwork, false, isSprings);
    }

    Ways ofSpring() {
        return new Ways(product, hasFaultsOfTheNetwork, endsByHand, true);
    }

    /** How the transaction may be ended by hand: SQLite's driver cannot roll back what it has failed to commit by a switch. */
    Tree.Hand[] hands() {
        return Arrays.stream(Tree.Hand.values())
                .filter(hand -> product != Product.SQLITE || hand != Tree.Hand.SWITCH_TO_AUTOCOMMIT)
                .toArray(Tree.Hand[]::new);
    }

    /** Whether the server may end a session, so that all that can follow is the transaction's end. */
    boolean endsSessions() {
        return errorsAbort() && product.can(Ability.SESSIONS_THAT_END);
    }

    boolean losesAnswers() {
        return hasFaultsOfTheNetwork && product.can(Ability.NETWORK);
    }

    Contention contention() {
        return product.can(Ability.CONCURRENT_WRITERS) ? Contention.DEADLOCK : Contention.BUSY;
    }

    SameName sameName() {
        return switch (product) {
            case POSTGRESQL, SQLITE -> SameName.HIDDEN;
            case MARIADB, MYSQL -> SameName.REPLACED;
            case H2, H2_SERVER -> SameName.REPLACED_FOR_GOOD;
        };
    }

    BatchFailure batchFailure() {
        return switch (product) {
            case POSTGRESQL -> BatchFailure.ABORTS;
            case SQLITE -> BatchFailure.STOPS;
            case MARIADB -> BatchFailure.UNDOES;
            case H2, H2_SERVER, MYSQL -> BatchFailure.GOES_ON;
        };
    }

    /** DDL that succeeds, as often as it is executed. */
    List<String> ddl() {
        return product == Product.SQLITE
                ? List.of(
                        "drop index if exists page_view_by_path", "create index page_view_by_path on page_view (path)")
                : List.of("truncate table page_view");
    }

    /** A savepoint's name in SQL; one of JDBC's is meant letter by letter. */
    String identifier(String name, boolean jdbc) {
        if (product.isMySql()) {
            return '`' + (jdbc ? name : withoutQuotes(name)) + '`';
        }
        return jdbc ? '"' + name.replace("\"", "\"\"") + '"' : name;
    }

    /** The name of a savepoint of JDBC's; H2's driver makes a wrong statement of one with quotes. */
    String jdbcName(String name) {
        return product.dialect() == SQLDialect.H2 ? withoutQuotes(name) : name;
    }

    /** The name by which the database knows a savepoint: in SQL it is folded, in JDBC it is taken as it is. */
    String folded(String name, boolean jdbc) {
        return switch (product) {
            case POSTGRESQL ->
                jdbc ? name : name.startsWith("\"") ? withoutQuotes(name) : name.toLowerCase(Locale.ROOT);
            case SQLITE, MARIADB, MYSQL -> (jdbc ? name : withoutQuotes(name)).toLowerCase(Locale.ROOT);
            case H2, H2_SERVER -> withoutQuotes(name).toLowerCase(Locale.ROOT);
        };
    }

    private static String withoutQuotes(String name) {
        return name.startsWith("\"") ? name.substring(1, name.length() - 1) : name;
    }

    /** The kind of an error of the database's, as the model calls it. */
    String kindOf(SQLException failure) {
        String state = String.valueOf(failure.getSQLState());
        if (state.startsWith("08")
                || state.equals("57P01")
                || state.equals("25P03")
                || "Connection is closed".equals(failure.getMessage())) {
            return "ended";
        }
        String kind = switch (product) {
            case POSTGRESQL ->
                switch (state) {
                    case "23503" -> "refused";
                    case "23505" -> "duplicate";
                    case "40P01" -> "lost";
                    case "42P07" -> "exists";
                    default -> null;
                };
            case SQLITE ->
                switch (failure.getErrorCode() & 0xff) {
                    case 1 -> String.valueOf(failure.getMessage()).contains("already exists") ? "exists" : null;
                    case 5 -> "busy";
                    case 19 -> String.valueOf(failure.getMessage()).contains("FOREIGN KEY") ? "refused" : "duplicate";
                    default -> null;
                };
            case MARIADB, MYSQL ->
                switch (failure.getErrorCode()) {
                    case 1050 -> "exists";
                    case 1062 -> "duplicate";
                    case 1213 -> "lost";
                    case 1305 -> "no savepoint";
                    default -> null;
                };
            case H2, H2_SERVER ->
                switch (failure.getErrorCode()) {
                    case 23505 -> "duplicate";
                    case 40001 -> "lost";
                    case 42101 -> "exists";
                    case 90063 -> "no savepoint";
                    default -> null;
                };
        };
        return kind == null ? failure.getSQLState() + "/" + failure.getErrorCode() + ": " + failure : kind;
    }
}
