package lending

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres
import javax.sql.DataSource
import org.flywaydb.core.Flyway
import org.jooq.DSLContext
import org.jooq.SQLDialect
import org.jooq.impl.DSL

/** A PostgreSQL for all tests, out of a jar; it ends with the JVM. With a journal that triggers keep: what committed transactions wrote. */
object LibraryDatabase {
    private val server = EmbeddedPostgres.start()
    private val dataSource: DataSource = server.postgresDatabase

    /** jOOQ without hooks. */
    val plain: DSLContext = DSL.using(dataSource, SQLDialect.POSTGRES)

    init {
        Flyway.configure().dataSource(dataSource).load().migrate()
        plain.execute(
            """
            create table journal (position bigint generated always as identity, entry text not null);
            create function keep_journal() returns trigger language plpgsql as $$
            begin
              insert into journal (entry) values (lower(tg_op) || ' ' || tg_table_name || ' ' ||
                  case tg_op when 'DELETE' then old.id else new.id end);
              return null;
            end $$;
            create trigger journal after insert or update or delete on book for each row execute function keep_journal();
            create trigger journal after insert or update or delete on member for each row execute function keep_journal();
            create trigger journal after insert or update or delete on loan for each row execute function keep_journal();
            """,
        )
    }

    fun journal(): List<String> =
        plain.fetch("select entry from journal order by position").map { it.get("entry", String::class.java) }

    /** As it was in the beginning. */
    fun clear() {
        plain.execute("truncate book, member, loan, journal restart identity")
    }
}
