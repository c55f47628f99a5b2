package dev.commithooks.engine.capture;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jooq.DSLContext;
import org.jooq.ExecuteContext;
import org.jooq.ExecuteListener;
import org.jooq.RecordContext;
import org.jooq.RecordListener;
import org.jooq.SQLDialect;
import org.jooq.conf.StatementType;
import org.jooq.impl.DSL;
import org.jooq.impl.DefaultConnectionProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What capture knows of jOOQ's inside is so, on the version of jOOQ at hand. */
@Database
class JooqInternalsTest {

    private final Connection connection;
    private final DSLContext dsl;
    private final List<Object> seen = new ArrayList<>();

    JooqInternalsTest(TestDatabase database) throws SQLException {
        this.connection = database.simpleDataSource().getConnection();
        this.dsl = DSL.using(new DefaultConnectionProvider(connection), SQLDialect.POSTGRES);
    }

    @BeforeEach
    void writeARow() {
        dsl.insertInto(ACCOUNT).set(ACCOUNT.ID, 1L).set(ACCOUNT.OWNER, "first").execute();
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    @Test
    void operationsOnTheStackAreThoseAtWork() {
        RecordListener counting = new RecordListener() {
            @Override
            public void insertStart(RecordContext ctx) {
                count();
            }

            @Override
            public void updateStart(RecordContext ctx) {
                count();
                if (seen.size() < 3) {
                    account(ctx.dsl(), 2).delete();
                }
            }

            @Override
            public void mergeStart(RecordContext ctx) {
                count();
            }

            @Override
            public void deleteStart(RecordContext ctx) {
                count();
            }

            private void count() {
                seen.add(JooqInternals.operationsOnThisThread());
            }
        };
        DSLContext listening = dsl.configuration().deriveAppending(counting).dsl();
        account(listening, 2).store();
        account(listening, 1).update();
        account(listening, 3).merge();
        assertThat(seen).containsExactly(1L, 1L, 2L, 1L);
        assertThat(JooqInternals.operationsOnThisThread()).isZero();
    }

    @Test
    void statementKnowsWhetherARecordCalledIt() {
        DSLContext listening = listening(event -> seen.add(JooqInternals.haveRecordsCalledTheStatement()));
        account(listening, 2).store();
        account(listening, 1).update();
        account(listening, 3).merge();
        account(listening, 3).delete();
        assertThat(seen).hasSize(4).containsOnly(true);
        seen.clear();
        listening.update(ACCOUNT).set(ACCOUNT.OWNER, "x").execute();
        listening
                .insertInto(ACCOUNT)
                .set(ACCOUNT.ID, 5L)
                .set(ACCOUNT.OWNER, "x")
                .returning()
                .fetch();
        listening.execute("delete from account");
        listening.executeInsert(account(listening, 4));
        assertThat(seen).hasSize(4).containsOnly(false);
    }

    @Test
    void batchOfRecordsCollectsItsStatements() {
        RecordListener asking = new RecordListener() {
            @Override
            public void insertStart(RecordContext ctx) {
                seen.add(JooqInternals.isCollecting(ctx.configuration()));
            }

            @Override
            public void deleteStart(RecordContext ctx) {
                seen.add(JooqInternals.isCollecting(ctx.configuration()));
            }
        };
        DSLContext listening = dsl.configuration().deriveAppending(asking).dsl();
        listening.batchInsert(account(listening, 2)).execute();
        listening.batchDelete(account(listening, 2)).execute();
        account(listening, 3).insert();
        assertThat(seen).containsExactly(true, true, false);
    }

    @Test
    void connectionBelowIsTheProviders() {
        DSLContext listening = listening(event -> {
            try {
                seen.add(JooqInternals.connectionBelow(event));
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
        listening.fetch("select 1");
        DSLContext inlining = listening
                .configuration()
                .derive(dsl.settings().withStatementType(StatementType.STATIC_STATEMENT))
                .dsl();
        inlining.fetch("select 1");
        assertThat(seen).containsExactly(connection, connection);
    }

    private DSLContext listening(Consumer<ExecuteContext> atExecuteStart) {
        return dsl.configuration()
                .deriveAppending(new ExecuteListener() {
                    private static final long serialVersionUID = 1L;

                    @Override
                    public void executeStart(ExecuteContext ctx) {
                        atExecuteStart.accept(ctx);
                    }
                })
                .dsl();
    }

    private static AccountRecord account(DSLContext dsl, long id) {
        AccountRecord account = dsl.newRecord(ACCOUNT);
        account.setId(id);
        account.setOwner("owner " + id);
        return account;
    }
}
