package dev.commithooks.bench;

import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Rows by jdbi's fluent statements; one {@code afterCommit} callback a row, or none. */
final class JdbiStack implements Stack {

    private final Jdbi jdbi;
    private final boolean afterCommit;
    private Long[] ids = {};

    JdbiStack(DataSource dataSource, boolean afterCommit) {
        this.jdbi = Jdbi.create(dataSource);
        this.afterCommit = afterCommit;
    }

    @Override
    public void insert(int count) {
        if (ids.length != count) {
            ids = new Long[count];
        }
        jdbi.useTransaction(handle -> {
            for (int i = 0; i < ids.length; i++) {
                ids[i] = handle.createUpdate(
                                "insert into public.item (name, quantity, note) values (:name, :quantity, :note)")
                        .bind("name", "a name")
                        .bind("quantity", i)
                        .bind("note", "a note")
                        .executeAndReturnGeneratedKeys("id")
                        .mapTo(Long.class)
                        .one();
                callBack(handle, ids[i]);
            }
        });
    }

    @Override
    public void update() {
        jdbi.useTransaction(handle -> {
            for (Long id : ids) {
                handle.createUpdate("update public.item set quantity = :quantity where id = :id")
                        .bind("quantity", 1)
                        .bind("id", id)
                        .execute();
                callBack(handle, id);
            }
        });
    }

    @Override
    public void delete() {
        jdbi.useTransaction(handle -> {
            for (Long id : ids) {
                handle.createUpdate("delete from public.item where id = :id")
                        .bind("id", id)
                        .execute();
                callBack(handle, id);
            }
        });
    }

    private void callBack(Handle handle, Long id) {
        if (afterCommit) {
            handle.afterCommit(() -> Stacks.seen(id));
        }
    }
}
