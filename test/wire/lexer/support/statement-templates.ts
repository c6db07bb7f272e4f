/**
 * Statements as PostgreSQL reads them, tokens parted by single spaces; `<name>`, `<string>` and `<query>` stand for one
 * of the lists below. Whether a statement is forbidden is not said here: the server's own reading says it.
 */
export const TEMPLATES: readonly string[] = `
begin
begin work
begin transaction isolation level serializable , read only
start transaction
start transaction read only
commit
commit work
commit and chain
end
end transaction
abort
rollback
rollback work
rollback and no chain
rollback to <name>
rollback to savepoint <name>
savepoint <name>
release <name>
release savepoint <name>
prepare transaction <string>
commit prepared <string>
rollback prepared <string>
set transaction read only
set transaction isolation level repeatable read
set transaction snapshot <string>
set local transaction read only
set session transaction read only
set session characteristics as transaction read write
set local session characteristics as transaction read only
set application_name = <string>
set application_name to default
set session application_name = <string>
set work_mem from current
set app.tenant_id = <string>
set "app.tenant_id" = <string>
set local app.tenant_id = <string>
set local app . tenant_id to <string>
set local "app.tenant_id" = <string>
set local "App.Tenant_Id" to <string>
set local app . "tenant_id" = default
set local role x
set local role none
set local role = x
set local "role" = x
set local "ROLE" to <string>
set local U&"\\0072ole" = x
set local session_authorization = x
set local session authorization x
set local session authorization default
set local names <string>
set local schema <string>
set local row_security = off
set local search_path to x , <name>
set local transaction_read_only = off
set local transaction_isolation to <string>
set local client_encoding to <string>
set local standard_conforming_strings = off
set local session_replication_role = replica
set local.x = 1
set local . x to <string>
set local = 1
set local to <string>
set local from current
set constraints = 1
set constraints.x = 1
set constraints . <name> to 1
set session = 1
set session . x = 1
set transaction = 1
set role <name>
set session role none
set session authorization default
set time zone <string>
set session time zone local
set names <string>
set schema <string>
set xml option document
set "local" = 1
reset all
reset work_mem
reset app.tenant_id
reset role
reset session authorization
reset time zone
reset transaction isolation level
listen <name>
unlisten <name>
unlisten *
prepare <name> as <query>
prepare <name> ( int ) as select $1
execute <name>
execute <name> ( 1 , <string> )
deallocate <name>
deallocate all
deallocate prepare <name>
discard all
discard plans
discard sequences
discard temp
load <string>
copy t from stdin
copy t ( a ) to stdout
copy ( <query> ) to stdout with ( format csv )
declare <name> cursor with hold for <query>
declare <name> binary insensitive no scroll cursor with hold for <query>
declare hold cursor with hold for <query>
declare cursor cursor with hold for <query>
explain declare <name> cursor with hold for <query>
explain ( analyze ) declare <name> scroll cursor with hold for <query>
explain execute <name>
explain analyze execute <name> ( 1 )
explain verbose execute <name>
explain analyse verbose execute <name>
explain ( analyze , verbose off ) execute <name>
explain ( format <string> ) execute <name>
explain ( format <string> , costs <string> ) declare <name> cursor with hold for <query>
explain create table <name> as execute <name>
explain ( format <string> ) create temp table <name> as <query>
create table x as execute <name>
create table if not exists x as execute <name> ( 1 ) with no data
create table x ( a , b ) as execute <name>
create unlogged table x with ( fillfactor = 70 ) as execute <name>
create temp table x on commit drop as execute <name>
create temp table x ( a text default <string> )
create temporary table x ( ) on commit preserve rows
create local temp table x ( a text default <string> ) on commit delete rows
create global temporary table x ( a int )
create temp table x as <query>
create or replace temp view x as <query>
create temp view <name> as <query>
create temp recursive view x ( a ) as select 1
create temp sequence s
create table pg_temp.x ( a text default <string> )
create table pg_temp . x ( )
create table "pg_temp" . x ( )
create table if not exists pg_temp.x as <query>
create view pg_temp.x as <query>
create type pg_temp.x as ( a int )
create function pg_temp.f ( ) returns int language sql return 1
<query>
<query>
<query>
<query>
( <query> )
( ( <query> ) )
( select 1 ) union ( select 2 )
( values ( 1 ) ) union all <query>
insert into t values ( 1 )
insert into t select 1 returning <string>
update t set a = 2 where a = 1
delete from t where a = 1 returning a
merge into t using ( select 1 as b ) s on t . a = s . b when matched then do nothing
with q as ( insert into t values ( 1 ) returning a ) select * from q
explain <query>
explain ( <query> )
explain ( ( <query> ) )
explain ( <query> ) union select 2
explain ( values ( 1 ) ) union select 2
explain analyze <query>
explain analyse verbose ( <query> )
explain ( analyze , format <string> ) <query>
explain ( analyze ) ( <query> )
explain ( costs <string> , format json ) <query>
explain declare <name> cursor for <query>
explain create table x as <query>
explain insert into t values ( 1 )
declare <name> cursor for <query>
declare <name> cursor without hold for <query>
declare <name> no scroll cursor for <query>
declare "with hold" cursor for <query>
declare hold scroll cursor for select 1 as hold
declare cursor asensitive cursor for <query>
set local work_mem = '1MB'
set local work_mem to 4096
set local "work_mem" to default
set local Statement_Timeout from current
set local lock_timeout = 10
set local time zone <string>
set local timezone to <string>
set local xml option content
set constraints all deferred
set constraints <name> immediate
set constraints <name> , x . <name> deferred
show all
show work_mem
show time zone
notify <name>
notify <name> , <string>
fetch next from <name>
fetch all in <name>
move forward 1 in <name>
close <name>
close all
lock table t in share mode
analyze t
vacuum t
truncate t
checkpoint
table t
comment on table t is <string>
create table temp ( a int , temporary int , execute int )
create table execute ( )
create table x ( a int check ( ( a ) > 0 ) , b text default <string> )
create table x ( a int generated always as ( 1 ) stored )
create table x as select 1 as execute
create table x as <query>
create temp table x ( ) on commit drop
create temp table x ( a int , b int generated always as ( a + 1 ) stored ) on commit drop
create temp table x ( a text default <string> ) on commit drop
create temp table x on commit drop as <query>
create table pg_temp.x ( ) on commit drop
create materialized view x as <query>
create view temp as <query>
create or replace view x ( a ) as <query>
create unlogged table x ( )
create schema x
create sequence s as int
create index on t ( a )
create domain x as text default <string>
create function f ( ) returns text language sql as <string>
create or replace function f ( ) returns text language sql set search_path = pg_temp return <string>
create rule x as on insert to t do also notify <name>
create policy x on t as permissive using ( true )
drop table if exists x
drop table if exists pg_temp.x
alter table t add b int
alter role postgres set app.tenant_id = <string>
alter database postgres set work_mem = 64
grant select on t to public
revoke all on t from public
reassign owned by postgres to postgres
refresh materialized view x
reindex table t
cluster t
security label on table t is <string>
import foreign schema x from server y into z
call p ( )
call p ( ) ;
do $$begin end$$
do language plpgsql $x$begin commit; end$x$
do <string>
begins
"begin"
begin_work
begin1
begin$
xbegin
1begin
@begin
'begin'
$$begin$$
e'begin'
U&"begin"
commit_log
select_begin
selectbegin
copyx t to stdout
set1 x = 1
setlocal work_mem = 1
declarec cursor with hold for select 1
explainexecute x
`
  .trim()
  .split('\n')

export const NAMES: readonly string[] = [
  'c',
  'x',
  'hold',
  'temp',
  'execute',
  'cursor',
  'local',
  'session',
  'constraints',
  'c$1',
  'naïve',
  'x\u00a0for', // one name, not a name and FOR
  '\u00a0for',
  '\ufeffas',
  'aſ', // AS, were the long s folded
  'wıth', // WITH, were the dotless i folded
  '"c"',
  '"begin"',
  '"with hold"',
  '"for"',
  '"as"',
  '"a""b with hold for"',
  '"/*"',
  '"--"',
  '"\'"',
  'U&"c"',
  'U&"\\0063"',
]

export const STRINGS: readonly string[] = [
  "'x'",
  "''",
  "'json'",
  "'off'",
  "'begin'",
  "'it''s'",
  "'with hold for'",
  "') execute x'",
  "'/*'",
  "'--'",
  "'$$'",
  "';commit;'",
  "'back\\slash'",
  "'\\'",
  "'\\\\'",
  "'\\''",
  "'\\'') execute x --'",
  "'\\')) as execute x --'",
  "E'\\''",
  "e'\\') execute x --'",
  "e'x'\n'\\' for '",
  "'x'\n'y'",
  "'x' -- c\r 'y'",
  "'x'\n/* c */'y'",
  "N'x'",
  "b'01'\n'10'",
  "U&'\\0061'",
  '$$x$$',
  '$$ with hold for $$',
  "$a$') execute x$a$",
  '$a$ $$ $b$ as execute $a$',
  '$ä$ on commit drop $ä$',
  '$_1$(($_1$',
]

export const QUERIES: readonly string[] = [
  'select 1',
  'select <string>',
  'select <string> , <string>',
  'select 1 as hold',
  'select 1 as execute',
  'select 1 as <name>',
  'select 1 as "with hold"',
  'select \'begin\' , "a" from t',
  'select a from t where a = $1',
  'select * from t for update',
  'select 1 /* with hold for */',
  'select a, 1 - -1 , 2*/**/3 , 4/-- c\n2 from t',
  'values ( 1 )',
  'table t',
  'with q as ( select 1 ) select * from q',
  'with hold as ( select 1 ) select * from hold',
  '( select 1 )',
]
