package dev.commithooks.resolver;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The identity of a server: its PostgreSQL cluster, and the history of it that it lives.
 *
 * @param systemIdentifier of the cluster
 * @param timeline changes when a standby is promoted; null of a standby
 * @param life changes when the server recovers from a crash
 */
record ServerIdentity(
        String systemIdentifier,
        @Nullable String timeline,
        @Nullable String life) {

    private static final String COLUMNS = "(select system_identifier::text from pg_catalog.pg_control_system()), "
            + "case when pg_catalog.pg_is_in_recovery() then null else "
            + "substr(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_lsn()), 1, 8) end, "
            + "(select extract(epoch from stats_reset)::text from pg_catalog.pg_stat_bgwriter)";

    /** Tells the id of the current transaction, null if it has none, and behind it the server. */
    static final String WITH_TRANSACTION = "select pg_catalog.pg_current_xact_id_if_assigned()::text, " + COLUMNS;

    /** Tells whether the server is a standby, and behind it the server. */
    static final String WITH_RECOVERY = "select pg_catalog.pg_is_in_recovery(), " + COLUMNS;

    /** The server in the row of either query. */
    static ServerIdentity read(ResultSet row) throws SQLException {
        return new ServerIdentity(row.getString(2), row.getString(3), row.getString(4));
    }

    boolean isOfClusterOf(ServerIdentity other) {
        return systemIdentifier.equals(other.systemIdentifier);
    }

    boolean sharesHistoryWith(ServerIdentity other) {
        return isOfClusterOf(other) && Objects.equals(timeline, other.timeline);
    }

    boolean hasNotCrashedSince(ServerIdentity other) {
        return Objects.equals(life, other.life);
    }

    @Override
    public String toString() {
        return "system identifier " + systemIdentifier + ", timeline " + timeline;
    }
}
