package dev.commithooks.durable;

import java.sql.SQLException;
import org.jooq.Binding;
import org.jooq.BindingGetResultSetContext;
import org.jooq.BindingGetSQLInputContext;
import org.jooq.BindingGetStatementContext;
import org.jooq.BindingRegisterContext;
import org.jooq.BindingSQLContext;
import org.jooq.BindingSetSQLOutputContext;
import org.jooq.BindingSetStatementContext;
import org.jooq.Converter;
import org.jooq.impl.DSL;

/** A type that jOOQ does not know, bound as text as the types of jOOQ's extensions for PostgreSQL are. */
final class AddressBinding implements Binding<Object, AddressBinding.Address> {

    private static final long serialVersionUID = 1L;

    /** An address in a network. */
    record Address(String text) {}

    @Override
    public Converter<Object, Address> converter() {
        return Converter.ofNullable(Object.class, Address.class, o -> new Address(o.toString()), Address::text);
    }

    @Override
    public void sql(BindingSQLContext<Address> ctx) throws SQLException {
        ctx.render().visit(DSL.val(ctx.convert(converter()).value())).sql("::inet");
    }

    @Override
    public void set(BindingSetStatementContext<Address> ctx) throws SQLException {
        ctx.statement().setObject(ctx.index(), ctx.convert(converter()).value());
    }

    @Override
    public void get(BindingGetResultSetContext<Address> ctx) throws SQLException {
        ctx.convert(converter()).value(ctx.resultSet().getString(ctx.index()));
    }

    @Override
    public void register(BindingRegisterContext<Address> ctx) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void set(BindingSetSQLOutputContext<Address> ctx) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void get(BindingGetStatementContext<Address> ctx) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void get(BindingGetSQLInputContext<Address> ctx) {
        throw new UnsupportedOperationException();
    }
}
