-- The tests' witness: the database itself notes every row that a transaction wrote, in that same transaction.
-- Applied after the shop's own migrations, in the tests' databases only.

drop schema if exists journal cascade;
create schema journal;

create table journal.entry (
    seq          bigint generated always as identity primary key,
    txid         bigint not null,
    table_schema text not null,
    table_name   text not null,
    operation    text not null,
    old_row      jsonb,
    new_row      jsonb
);

-- The table's name comes as an argument, because a partition's trigger would give the partition's name.
create function journal.note() returns trigger
    language plpgsql
as $$
begin
    insert into journal.entry (txid, table_schema, table_name, operation, old_row, new_row)
    values (
        pg_current_xact_id()::text::bigint, tg_argv[0], tg_argv[1], tg_op,
        case when tg_op <> 'INSERT' then to_jsonb(old) end,
        case when tg_op <> 'DELETE' then to_jsonb(new) end
    );
    return null;
end
$$;

-- Begins to note what is written to a table. Tests call it for tables that they make themselves.
create function journal.watch(watched regclass) returns void
    language plpgsql
as $$
declare
    schema_name text;
    table_name text;
begin
    select n.nspname, c.relname into schema_name, table_name
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    where c.oid = watched;

    execute format(
        'create trigger journal after insert or update or delete on %s for each row execute function journal.note(%L, %L)',
        watched, schema_name, table_name
    );
end
$$;

-- Empties all tables, this schema's included, and restarts their sequences. A DELETE that fires no triggers is many
-- times faster than TRUNCATE as long as tables are small; it takes a superuser.
create function journal.reset() returns void
    language plpgsql
as $$
declare
    full_table regclass;
    used_sequence record;
    superuser boolean := current_setting('is_superuser')::boolean;
begin
    perform set_config('lock_timeout', '5s', true);
    if superuser then
        perform set_config('session_replication_role', 'replica', true);
    end if;

    for full_table in
        select c.oid
        from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        where c.relkind = 'r'
          and n.nspname not like 'pg\_%'
          and n.nspname <> 'information_schema'
          and c.relname <> 'flyway_schema_history'
          and pg_relation_size(c.oid) > 0
    loop
        if superuser and pg_relation_size(full_table) < 1024 * 1024 then
            execute format('delete from %s', full_table);
        else
            execute format('truncate %s cascade', full_table);
        end if;
    end loop;

    for used_sequence in
        select format('%I.%I', schemaname, sequencename)::regclass as name, start_value
        from pg_sequences
        where last_value is not null
    loop
        perform setval(used_sequence.name, used_sequence.start_value, false);
    end loop;
end
$$;

select journal.watch(c.oid)
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where n.nspname in ('public', 'warehouse', 'press')
  and c.relkind in ('r', 'p')
  and not c.relispartition
  and c.relname not like 'hook\_%' -- what the library itself writes is no change that hooks hear of
  and c.relname <> 'flyway_schema_history';
