package dev.commithooks.testing;

import dev.commithooks.testing.SqlText.Piece;
import java.lang.reflect.Method;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jooq.tools.jdbc.DefaultResultSet;
import org.jspecify.annotations.Nullable;

/** A statement of a virtual connection: of the real one, executed when it is this connection's turn. */
final class VirtualStatement extends Overlay {

    private static final Set<String> RESULTS =
            Set.of("getResultSet", "getUpdateCount", "getLargeUpdateCount", "getMoreResults");

    private final VirtualConnection connection;
    private final Statement real;
    private final @Nullable String prepared;
    private final Statement self;
    private final List<String> batch = new ArrayList<>(0);
    private int fetchSize;

    /** The statement that has the results: a text of several statements is executed by others. */
    private Statement results;

    VirtualStatement(VirtualConnection connection, Statement real, @Nullable String prepared) {
        this.connection = connection;
        this.real = real;
        this.prepared = prepared;
        this.results = real;
        this.self = as(type());
    }

    private Class<? extends Statement> type() {
        if (real instanceof CallableStatement) {
            return CallableStatement.class;
        }
        return real instanceof PreparedStatement ? PreparedStatement.class : Statement.class;
    }

    Statement as() {
        return self;
    }

    public Connection getConnection() {
        return connection.connection();
    }

    public void setFetchSize(int rows) throws SQLException {
        real.setFetchSize(rows);
        fetchSize = rows;
    }

    public void addBatch(String sql) throws SQLException {
        if (prepared != null) {
            real.addBatch(sql); // which refuses it
        }
        batch.add(sql);
    }

    public void clearBatch() throws SQLException {
        batch.clear();
        real.clearBatch();
    }

    public void cancel() throws SQLException {
        if (connection.running().isOf(real)) {
            connection.running().cancel();
        } else {
            real.cancel();
        }
    }

    public void close() throws SQLException {
        if (results != real) {
            results.close();
        }
        real.close();
    }

    public <T> T unwrap(Class<T> type) throws SQLException {
        return type.isInstance(self) ? type.cast(self) : real.unwrap(type);
    }

    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return type.isInstance(self) || real.isWrapperFor(type);
    }

    @Override
    @Nullable
    Object passOn(Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
        String name = method.getName();
        if (name.equals("executeBatch") || name.equals("executeLargeBatch")) {
            return executeBatch(method);
        }
        if (name.startsWith("execute")) {
            return wrapped(execute(method, arguments));
        }
        return wrapped(invoke(method, RESULTS.contains(name) ? results : real, arguments));
    }

    private @Nullable Object wrapped(@Nullable Object result) {
        return result instanceof ResultSet rows ? new DefaultResultSet(rows, self) : result;
    }

    private @Nullable Object execute(Method method, @Nullable Object @Nullable [] arguments) throws SQLException {
        String given = sql(arguments);
        String sql = given == null ? String.valueOf(prepared) : given;
        Ground ground = connection.ground();
        List<Piece> script = ground.script(sql);
        if (!script.isEmpty()) {
            return executeScript(ground, script, method);
        }
        useOwnResults();
        real.setFetchSize(connection.isAutoCommit() && ground instanceof OuterTransaction ? 0 : fetchSize);
        connection.running().executing(real);
        try {
            return ground.execute(connection, rendered(sql), () -> note(call(method, real, arguments)));
        } finally {
            connection.running().executing(null);
        }
    }

    /** A statement whose text is about settings is given with its values. */
    private String rendered(String sql) {
        return prepared != null && LocalSettings.isPossible(sql) ? real.toString() : sql;
    }

    private @Nullable Object note(@Nullable Object result) throws SQLException {
        VirtualTransaction open = connection.transaction();
        if (fetchSize > 0 && open != null && !open.isOfOneStatement()) {
            ResultSet cursor = result instanceof ResultSet rows ? rows : real.getResultSet();
            if (cursor != null) {
                open.opened(cursor);
            }
        }
        return result;
    }

    /**
     * Executes statements that control the transaction, and those among them that do not, one by one. The results are those of
     * the first that has some; parameters have no place here.
     */
    private @Nullable Object executeScript(Ground ground, List<Piece> script, Method method) throws SQLException {
        useOwnResults();
        Statement first = null;
        for (Piece piece : script) {
            if (piece.isVirtual()) {
                ground.control(connection, piece);
                continue;
            }
            Statement one = ground.real(connection).createStatement();
            ground.execute(connection, piece.sql(), () -> one.execute(piece.sql()));
            if (first == null) {
                first = one;
            } else {
                one.close();
            }
        }
        results = first == null ? nothing(ground) : first;
        return resultFor(method.getReturnType());
    }

    /** A statement whose result is that nothing was counted. */
    private Statement nothing(Ground ground) throws SQLException {
        Statement nothing = ground.real(connection).createStatement();
        return new NoResult(nothing).as(Statement.class);
    }

    private @Nullable Object resultFor(Class<?> type) throws SQLException {
        if (type == boolean.class) {
            return results.getResultSet() != null;
        }
        if (type == ResultSet.class) {
            ResultSet rows = results.getResultSet();
            if (rows == null) {
                throw new SQLException("No results were returned by the query.", "02000");
            }
            return rows;
        }
        return type == long.class ? (Object) (long) results.getUpdateCount() : (Object) results.getUpdateCount();
    }

    private void useOwnResults() throws SQLException {
        if (results != real) {
            results.close();
            results = real;
        }
    }

    private @Nullable Object executeBatch(Method method) throws SQLException {
        useOwnResults();
        Ground ground = connection.ground();
        List<String> texts = List.copyOf(batch);
        batch.clear();
        if (texts.stream().allMatch(sql -> ground.script(sql).isEmpty())) {
            for (String sql : texts) {
                real.addBatch(sql);
            }
            String all = prepared == null ? String.join("; ", texts) : prepared;
            connection.running().executing(real);
            try {
                return ground.execute(connection, rendered(all), () -> call(method, real, null));
            } finally {
                connection.running().executing(null);
            }
        }
        long[] counts = new long[texts.size()];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = executeOfBatch(ground, texts.get(i));
        }
        return method.getReturnType() == int[].class
                ? Arrays.stream(counts).mapToInt(Math::toIntExact).toArray()
                : counts;
    }

    private long executeOfBatch(Ground ground, String sql) throws SQLException {
        try (Statement one = ground.real(connection).createStatement()) {
            for (Piece piece : ground.script(sql)) {
                if (piece.isVirtual()) {
                    ground.control(connection, piece);
                } else {
                    ground.execute(connection, piece.sql(), () -> one.execute(piece.sql()));
                }
            }
            if (ground.script(sql).isEmpty()) {
                ground.execute(connection, sql, () -> one.execute(sql));
            }
            return Math.max(0, one.getUpdateCount());
        }
    }

    private static @Nullable Object call(Method method, Statement target, @Nullable Object @Nullable [] arguments)
            throws SQLException {
        try {
            return invoke(method, target, arguments);
        } catch (SQLException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return real.toString();
    }

    /** Counts nothing once, and has no more results. */
    @SuppressWarnings({"unused", "EffectivelyPrivate"}) // found by their names
    private static final class NoResult extends Overlay {

        private final Statement real;
        private int count;

        NoResult(Statement real) {
            this.real = real;
        }

        public int getUpdateCount() {
            return count;
        }

        public long getLargeUpdateCount() {
            return count;
        }

        public boolean getMoreResults() {
            count = -1;
            return false;
        }

        public @Nullable ResultSet getResultSet() {
            return null;
        }

        @Override
        @Nullable
        Object passOn(Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
            return invoke(method, real, arguments);
        }
    }
}
