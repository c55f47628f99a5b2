-- The bookshop of db-migrations/ on databases other than PostgreSQL, as far as the suites use it. Words in braces are filled in
-- by PortableSchema with what each database calls them. What none of them has (partitions, triggers that swallow rows) is left out.

create table author (
    id         {identity},
    name       {text} not null,
    email      {text} unique,
    born       date,
    created_at {moment} not null default {now}
);

create table book (
    id        {identity},
    author_id bigint,
    title     {text} not null,
    isbn      {text} unique,
    format    {text} not null default 'paperback',
    price     {money} not null default 0,
    tags      {texts},
    metadata  {json},
    cover     {bytes},
    published {moment},
    status    {text} not null default 'draft',
    version   integer not null default 0,
    constraint book_price_is_not_negative check (price >= 0),
    foreign key (author_id) references author (id)
);

create table review (
    id      {identity},
    book_id bigint not null,
    rating  smallint not null,
    comment {text},
    constraint review_rating_is_one_to_five check (rating between 1 and 5),
    foreign key (book_id) references book (id) {deferred}
);

create view draft_book as
select id, author_id, title, price, status
from book
where status = 'draft';

create table customer (
    id    {uuid} default {random_uuid} primary key,
    name  {text} not null,
    email {text} not null unique
);

create table purchase (
    id          {identity},
    customer_id {uuid} not null,
    status      {text} not null default 'placed',
    placed_at   {moment} not null default {now},
    -- IN (..), and OR, are evaluated by the session that made the table, on H2, and fail once that is closed.
    constraint purchase_status_is_known check (
        case status when 'placed' then 1 when 'paid' then 1 when 'shipped' then 1 when 'cancelled' then 1 else 0 end = 1),
    foreign key (customer_id) references customer (id)
);

create table purchase_line (
    purchase_id bigint not null,
    line_no     integer not null,
    book_id     bigint not null,
    quantity    integer not null default 1,
    unit_price  {money} not null,
    primary key (purchase_id, line_no),
    constraint purchase_line_quantity_is_positive check (quantity > 0),
    foreign key (purchase_id) references purchase (id),
    foreign key (book_id) references book (id)
);

create table invoice (
    id          {identity},
    purchase_id bigint not null unique,
    net         {money} not null,
    vat_percent numeric(4, 1) not null default 19,
    gross       {money} generated always as (round(net * (1 + vat_percent / 100), 2)) {stored},
    foreign key (purchase_id) references purchase (id)
);

-- SQLite lets null into a key that does not say otherwise.
create table stock (
    isbn     {text} not null primary key,
    quantity integer not null default 0,
    shelf    {text},
    constraint stock_quantity_is_not_negative check (quantity >= 0)
);

create table account (
    id      {identity},
    owner   {text} not null,
    balance {money} not null default 0,
    constraint account_balance_is_not_negative check (balance >= 0)
);

create table audit_log (
    id         {identity},
    table_name {text} not null,
    operation  {text} not null,
    row_key    {text},
    old_row    {json},
    new_row    {json},
    logged_at  {moment} not null default {now}
);

create table page_view (
    path      {text} not null,
    visitor   {text},
    viewed_at {moment} not null default {now}
);

create table sale (
    sold_on    date not null,
    receipt_no integer not null,
    isbn       {text} not null,
    amount     {money} not null,
    primary key (sold_on, receipt_no)
);

create table parcel (
    id     {identity},
    label  {text} not null,
    weight integer not null default 0
);

create table warehouse_stock (
    id       {identity},
    isbn     {text} not null,
    bin      {text} not null,
    quantity integer not null default 0,
    unique (isbn, bin)
);

create table warehouse_delivery (
    id         {uuid} default {random_uuid} primary key,
    stock_id   bigint not null,
    quantity   integer not null,
    arrived_at {moment} not null default {now},
    foreign key (stock_id) references warehouse_stock (id)
);

-- Of the schema "press", whose names are those of no other table.
create table house (
    id          {identity},
    name        {text} not null unique,
    flagship_id bigint
);

create table category (
    id        {identity},
    parent_id bigint,
    name      {text} not null,
    foreign key (parent_id) references category (id)
);

create table editor (
    id       {uuid} default {random_uuid} primary key,
    house_id bigint not null,
    name     {text} not null,
    foreign key (house_id) references house (id)
);

create table title (
    id          {identity},
    house_id    bigint not null,
    category_id bigint,
    name        {text} not null,
    foreign key (house_id) references house (id),
    foreign key (category_id) references category (id)
);

create table edition (
    title_id   bigint not null,
    edition_no integer not null,
    editor_id  {uuid},
    primary key (title_id, edition_no),
    foreign key (title_id) references title (id),
    foreign key (editor_id) references editor (id)
);

create table printing (
    id         {identity},
    title_id   bigint not null,
    edition_no integer not null,
    copies     integer not null default 100,
    constraint printing_copies_is_positive check (copies > 0),
    foreign key (title_id, edition_no) references edition (title_id, edition_no)
);

create table journal_entry (
    seq        {identity},
    txid       bigint not null,
    table_name {text} not null,
    operation  {text} not null,
    old_row    {image},
    new_row    {image}
);
