-- Changes for Debezium's Outbox Event Router, under the column names that it expects. Rows are only ever inserted; delete old
-- ones when you like, by created_at.
create table hook_outbox (
    id            uuid primary key default gen_random_uuid(),
    seq           bigint generated always as identity,
    aggregatetype text not null,
    aggregateid   text not null,
    type          text not null,
    tx            text,
    payload       jsonb,
    created_at    timestamptz not null default now()
);
