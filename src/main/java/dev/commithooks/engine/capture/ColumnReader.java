package dev.commithooks.engine.capture;

import dev.commithooks.row.RowVersions;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import org.jooq.Binding;
import org.jooq.BindingGetResultSetContext;
import org.jooq.Configuration;
import org.jooq.ContextConverter;
import org.jooq.Converter;
import org.jooq.ConverterContext;
import org.jooq.DSLContext;
import org.jooq.ExecuteContext;
import org.jooq.Field;
import org.jooq.SQLDialect;
import org.jooq.conf.Settings;
import org.jspecify.annotations.Nullable;

/** Reads columns of a result through the fields' bindings and converters, as jOOQ does, without a cursor of jOOQ's. */
final class ColumnReader {

    private final ExecuteContext ctx;
    private final Column<Object> column;
    private @Nullable Exception failure;

    ColumnReader(ExecuteContext ctx, ResultSet rows) {
        this.ctx = ctx;
        this.column = new Column<>(rows);
    }

    /**
     * The value of a column of the row at hand, which must not be altered.
     *
     * @param index the column's index in the result, from 1
     */
    @SuppressWarnings("unchecked") // a field's binding makes values of the field's type
    @Nullable
    Object read(Field<?> field, int index) throws SQLException {
        column.field = (Field<Object>) field;
        column.index = index;
        column.value = null;
        ((Binding<?, Object>) field.getBinding()).get(column);
        return column.value;
    }

    /** The same; {@link RowVersions#UNKNOWN} where it cannot be read, which {@link #failure()} remembers: the row is there. */
    @Nullable
    Object readOrUnknown(Field<?> field, int index) {
        try {
            return read(field, index);
        } catch (SQLException | RuntimeException e) {
            failure = failure == null ? e : failure;
            return RowVersions.UNKNOWN;
        }
    }

    /** What reading failed with first; null if it did not. */
    @Nullable
    Exception failure() {
        return failure;
    }

    boolean flag(int index) throws SQLException {
        return column.rows.getBoolean(index);
    }

    String text(int index) throws SQLException {
        return column.rows.getString(index);
    }

    @Nullable
    String textOrNull(int index) throws SQLException {
        return column.rows.getString(index);
    }

    private class Column<U> implements BindingGetResultSetContext<U> {

        private final ResultSet rows;
        private int index;
        private @Nullable Field<U> field;
        private @Nullable U value;

        Column(ResultSet rows) {
            this.rows = rows;
        }

        @Override
        public ResultSet resultSet() {
            return rows;
        }

        @Override
        public int index() {
            return index;
        }

        @Override
        @SuppressWarnings("NullAway") // jOOQ's own contexts return null where there is no field
        public @Nullable Field<U> field() {
            return field;
        }

        @Override
        public void value(@Nullable U read) {
            value = read;
        }

        @Override
        public <T> BindingGetResultSetContext<T> convert(Converter<? super T, ? extends U> converter) {
            Column<U> outer = this;
            Column<T> inner = new Column<>(rows) {
                @Override
                public void value(@Nullable T read) {
                    outer.value(converted(converter, read));
                }
            };
            inner.index = index;
            return inner;
        }

        @SuppressWarnings("unchecked") // as jOOQ does: a converter from T takes a T
        private <T> @Nullable U converted(Converter<? super T, ? extends U> converter, @Nullable T read) {
            return converter instanceof ContextConverter<?, ?> scoped
                    ? ((ContextConverter<T, U>) scoped).from(read, converterContext())
                    : converter.from(read);
        }

        @Override
        public ExecuteContext executeContext() {
            return ctx;
        }

        @Override
        public ConverterContext converterContext() {
            return ctx.converterContext();
        }

        @Override
        public Instant creationTime() {
            return ctx.creationTime();
        }

        @Override
        public Configuration configuration() {
            return ctx.configuration();
        }

        @Override
        public DSLContext dsl() {
            return ctx.dsl();
        }

        @Override
        public Settings settings() {
            return ctx.settings();
        }

        @Override
        public SQLDialect dialect() {
            return ctx.dialect();
        }

        @Override
        public SQLDialect family() {
            return ctx.family();
        }

        @Override
        public Map<Object, Object> data() {
            return ctx.data();
        }

        @Override
        public @Nullable Object data(Object key) {
            return ctx.data(key);
        }

        @Override
        public @Nullable Object data(Object key, Object value) {
            return ctx.data(key, value);
        }
    }
}
