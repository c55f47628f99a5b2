-- What DbSchedulerDelivery.ddl() says.
create table hook_delivery (
    task_name            text collate "C" not null,
    task_instance        text collate "C" not null,
    task_data            bytea,
    execution_time       timestamptz not null,
    picked               boolean not null,
    picked_by            text,
    last_success         timestamptz,
    last_failure         timestamptz,
    consecutive_failures int,
    last_heartbeat       timestamptz,
    version              bigint not null,
    priority             smallint,
    primary key (task_name, task_instance)
);
create index hook_delivery_execution_time on hook_delivery (execution_time);
create index hook_delivery_last_heartbeat on hook_delivery (last_heartbeat);
comment on table hook_delivery is 'jooq-commit-hooks deliveries, version 1';

-- Drawn while a transaction holds its rows' locks: for each row its order is that of the commits.
create sequence hook_delivery_seq;

-- What is where, to be read by people.
create view hook_delivery_status as
select
    task_name as hook,
    task_instance as parcel,
    case
        when picked then 'running'
        when execution_time >= '9999-01-01' then 'parked'
        when consecutive_failures > 0 then 'retrying'
        else 'waiting'
    end as state,
    coalesce(consecutive_failures, 0) as failed_attempts,
    case when execution_time < '9999-01-01' then execution_time end as due,
    last_failure,
    substring(convert_from(task_data, 'UTF8') from '^\{"v":\d+,"seq":\d+,"error":"((?:[^"\\]|\\.)*)"') as error,
    picked_by as node
from hook_delivery;
