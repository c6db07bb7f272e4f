import type { RefusalReason } from '../../../../src/errors/forbidden-statement.ts'

/** A text and what it is; `syntax error` marks texts that no server runs, whatever the lexer says of them. */
export interface Example {
  readonly text: string
  readonly because: string
}

export const ALLOWED: readonly Example[] = [
  { text: 'select 1', because: 'a query' },
  { text: '', because: 'an empty text' },
  { text: ' ;\n; -- nothing', because: 'a text of blanks, semicolons and comments' },
  {
    text: 'select \'begin; commit\' as "commit" -- rollback',
    because: 'a query that only talks of transactions',
  },
  { text: "/* begin */ select $$'; begin$$", because: 'a query behind a comment that names BEGIN' },
  { text: '/* /* */ begin */ select 1', because: 'a query behind a nested comment' },
  { text: '-- begin\r select 1', because: 'a query behind a comment that a return ends' },
  { text: '((select 1) union (select 2))', because: 'a query in parentheses' },
  { text: 'with x as (select 1) select * from x', because: 'a query with a common table expression' },
  { text: 'values (1)', because: 'VALUES' },
  { text: 'table t', because: 'TABLE' },
  { text: 'insert into t values (1)', because: 'INSERT' },
  { text: 'notify c', because: 'NOTIFY, which leaves nothing behind' },
  { text: 'show search_path', because: 'SHOW' },
  { text: "set local work_mem = '64MB'", because: 'SET LOCAL of an ordinary setting' },
  { text: 'SET/**/LOCAL--\r"work_mem"TO default', because: 'SET LOCAL of an ordinary setting in disguise' },
  { text: "set local time zone 'UTC'", because: 'SET LOCAL TIME ZONE' },
  { text: 'set local statement_timeout from current', because: 'SET LOCAL ... FROM CURRENT' },
  { text: 'set constraints all deferred', because: 'SET CONSTRAINTS' },
  { text: 'set constraints "a", b.c immediate', because: 'SET CONSTRAINTS by name' },
  { text: 'declare c cursor for select 1', because: 'a cursor that ends with its transaction' },
  { text: 'declare c cursor without hold for select 1', because: 'a cursor WITHOUT HOLD' },
  { text: 'declare "with hold" cursor for select 1', because: 'a cursor whose name says WITH HOLD' },
  {
    text: 'declare c cursor /* with hold */ for select 1',
    because: 'a cursor with a comment that says WITH HOLD',
  },
  { text: "declare c cursor for select 'with hold'", because: 'a cursor over a string that says WITH HOLD' },
  {
    text: 'declare c cursor for with hold as (select 1) select * from hold',
    because: 'a cursor over an expression named HOLD',
  },
  { text: 'explain select 1', because: 'EXPLAIN of a query' },
  { text: 'explain (select 1)', because: 'EXPLAIN of a query in parentheses' },
  { text: 'explain (values (1)) union select 2', because: 'EXPLAIN of VALUES in parentheses' },
  { text: "explain (format 'json') select 1 as execute", because: 'EXPLAIN with options' },
  { text: 'explain declare c cursor for select 1', because: 'EXPLAIN of a plain cursor' },
  {
    text: 'create table temp (temporary int, execute int)',
    because: 'CREATE TABLE with names that are words of the grammar',
  },
  { text: 'create table x as select 1 as execute', because: 'CREATE TABLE AS a query' },
  {
    text: 'create temp table x (a int) on commit drop',
    because: 'a temporary table that ends with its transaction',
  },
  {
    text: "create function f() returns text language sql set search_path = public, pg_temp as 'select 1'",
    because: 'a function that pins its search path as the manual advises',
  },
  { text: 'select 1 into temp x', because: 'SELECT INTO TEMP, which no first word shows (known limit)' },
]

export const EXCLUSIVE: readonly (Example & { readonly command: 'CALL' | 'DO' })[] = [
  { text: 'call p()', because: 'CALL, whose procedure may commit', command: 'CALL' },
  { text: '/* x */ Do $$begin end$$', because: 'DO, whose block may commit', command: 'DO' },
]

export const REFUSED: readonly (Example & { readonly command: string; readonly reason: RefusalReason })[] = [
  ...refused('transaction-control', {
    BEGIN: [
      'begin',
      'BEGIN WORK',
      '/* x */ begin',
      ';;begin',
      '; /* a */ ;-- b\r begin',
      '/*/**/*/begin/**/',
      'Begin;;',
    ],
    'START TRANSACTION': ['start transaction isolation level serializable'],
    COMMIT: [
      'commit',
      'commit and chain',
      "commit prepared 'x'",
      '--\rcommit',
      '--\vselect\ncommit',
      '--\u2028select\ncommit',
    ],
    END: ['end', 'eNd transaction'],
    ABORT: ['abort'],
    ROLLBACK: ['rollback', 'rollback to savepoint s', "rollback prepared 'x'"],
    SAVEPOINT: ['savepoint s'],
    RELEASE: ['release savepoint s', 'release s'],
    'PREPARE TRANSACTION': ["prepare transaction 'x'"],
    'SET TRANSACTION': [
      'set transaction read only',
      'set local transaction read only',
      "set transaction snapshot 'x'",
      'set session transaction read only',
    ],
    'SET SESSION CHARACTERISTICS': [
      'set session characteristics as transaction read only',
      'set local session characteristics as transaction read only',
    ],
  }),
  ...refused('session-setting', {
    SET: [
      "set app.tenant_id = 'x'",
      "set session app.tenant_id = 'x'",
      'set"app.tenant_id"=\'x\'',
      'set role x',
      'set session authorization x',
      "set time zone 'UTC'",
      "set names 'UTF8'",
      "set schema 'x'",
      'set local = 1',
      'set local.x = 1',
      'set local /* a */ . x to 1',
      'set "local" = 1',
      'set constraints = 1',
      'set constraints.x = 1',
      'set xml option content',
    ],
    RESET: ['reset all', 'reset role', 'reset app.tenant_id', 'reset session authorization'],
  }),
  ...refused('protected-setting', {
    'SET LOCAL': [
      "set local app.tenant_id = 'x'",
      "set local app /**/ . tenant_id to 'x'",
      'set local "app.tenant_id" = \'x\'',
      'set local role x',
      'set local "ROLE" = x',
      'set local U&"\\0072ole" = x',
      'set local session authorization x',
      'set local session_authorization = x',
      'set local row_security = off',
      'set local search_path to x',
      "set local schema 'x'",
      "set local names 'UTF8'",
      'set local transaction_read_only = off',
      'set local standard_conforming_strings = off',
    ],
  }),
  ...refused('notification-channel', { LISTEN: ['listen c', 'listen"c"'], UNLISTEN: ['unlisten *'] }),
  ...refused('prepared-statement', {
    PREPARE: ['prepare p as select 1'],
    EXECUTE: [
      'execute p',
      'explain execute p',
      'explain analyze verbose execute p(1)',
      "explain (format 'a)') execute p",
      "explain (format 'json', costs e'\\')') execute p",
    ],
    DEALLOCATE: ['deallocate p', 'deallocate prepare all'],
    'CREATE TABLE ... AS EXECUTE': [
      'create table x as execute p',
      'create temp table x on commit drop as execute p',
      'explain create table x as execute p',
    ],
  }),
  ...refused('session-discard', { DISCARD: ['discard all', 'discard temp'] }),
  ...refused('library-load', { LOAD: ["load 'x'"] }),
  ...refused('copy', { COPY: ['copy t from stdin', 'copy(select 1)to stdout', "copy t to program 'cat'"] }),
  ...refused('held-cursor', {
    'DECLARE ... WITH HOLD': [
      'declare c cursor with hold for select 1',
      'declare c cursor WITH/*c*/HOLD for select 1',
      'declare "for" no scroll cursor with--\rhold for select 1',
      'declare hold cursor with hold for select 1',
      'explain declare c cursor with hold for select 1',
    ],
  }),
  ...refused('temporary-object', {
    'CREATE TEMPORARY': [
      'create temp table x (a int)',
      'create local temporary table x (a int) on commit delete rows',
      'create or replace temp view x as select 1',
      'create temp sequence s',
      'create table pg_temp.x (a int)',
      'create function "pg_temp".f() returns int language sql return 1',
    ],
  }),
]

function refused(reason: RefusalReason, byCommand: Readonly<Record<string, readonly string[]>>) {
  return Object.entries(byCommand).flatMap(([command, texts]) =>
    texts.map((text) => ({ text, command, reason, because: command })),
  )
}
