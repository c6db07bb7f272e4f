import { describe, expect, it } from 'vitest'
import { findSessionStatements } from '../../../src/rls/source/session-statements.ts'
import { PLACEHOLDER } from '../../../src/rls/source/sql-tokens.ts'

const commands = (text: string, isQuery = false) =>
  findSessionStatements(text, isQuery).map(({ effect, command }) => `${effect} ${command}`)

/** Found wherever a program holds them. */
const LEAVING: readonly (readonly [text: string, found: string])[] = [
  ["set app.tenant_id = 'x'", 'session-setting SET'],
  [`SET SESSION app.tenant_id TO '${PLACEHOLDER}'`, 'session-setting SET'],
  [`set "app"."tenant_id" = '1'`, 'session-setting SET'],
  [`set app.${PLACEHOLDER} = 'x'`, 'session-setting SET'],
  ['/* a */ -- b\n set search_path to clinic', 'session-setting SET'],
  ['set statement_timeout = 5000', 'session-setting SET'],
  ["select 1; set app.tenant_id = 'x'", 'session-setting SET'],
  ["SET TIME ZONE 'UTC'", 'session-setting SET'],
  ['SET ROLE admin', 'session-setting SET'],
  ["SET SESSION AUTHORIZATION 'x'", 'session-setting SET'],
  ["select set_config('app.tenant_id', $1, false)", 'session-setting set_config(..., false)'],
  [
    "select pg_catalog.Set_Config('app.tenant_id', f(1, 2), 'off'::boolean)",
    'session-setting set_config(..., false)',
  ],
  [
    "select set_config(is_local => false, setting_name => 'a.b', new_value => 'x')",
    'session-setting set_config(..., false)',
  ],
  ["do $$ begin perform set_config('a.b', 'x', false); end $$", 'session-setting set_config(..., false)'],
  ['LISTEN invalidations', 'notification-channel LISTEN'],
  ['LISTEN "clinic A";', 'notification-channel LISTEN'],
  [`LISTEN ${PLACEHOLDER}`, 'notification-channel LISTEN'],
  ['declare c binary scroll cursor with hold for select 1', 'held-cursor DECLARE ... WITH HOLD'],
  ['select pg_advisory_lock($1)', 'advisory-lock pg_advisory_lock()'],
  ['select pg_try_advisory_lock_shared (1, 2)', 'advisory-lock pg_try_advisory_lock_shared()'],
  ['pg_advisory_lock', 'advisory-lock pg_advisory_lock()'], // for Kysely's fn()
  ['prepare plan (int, text) as select $1', 'prepared-statement PREPARE'],
  ['PREPARE p AS WITH a AS (SELECT 1) SELECT * FROM a', 'prepared-statement PREPARE'],
  ['create temp table patients (id int)', 'temporary-object CREATE TEMPORARY'],
  ['create or replace local temporary view v as select 1', 'temporary-object CREATE TEMPORARY'],
]

/** Right, or no SQL at all. */
const HARMLESS: readonly string[] = [
  "set local app.tenant_id = 'x'",
  "select set_config('app.tenant_id', $1, true)",
  'select set_config($1, $2, $3)',
  "select current_setting('app.tenant_id')",
  'set constraints all deferred',
  'set transaction isolation level serializable',
  'update patients set name = $1',
  'set name = $1, role = $2', // a piece of an UPDATE
  'set app.name = $1', // as are those with parameters
  "alter role app set app.tenant_id = 'x'",
  "create function f() returns int language sql set search_path = '' as $$ select 1 $$",
  "-- set app.tenant_id = 'x'",
  "select 'set app.tenant_id = 1'",
  'Set the table to its default state',
  'Set time zone for all users',
  'Set role permissions',
  'Listen now',
  'listen carefully',
  'Prepare as you like',
  'prepare transaction $1',
  'Declare your income with hold',
  'declare c cursor without hold for select 1',
  'declare c cursor for select 1 /* with hold */',
  'select pg_advisory_xact_lock(1)',
  'see pg_advisory_lock in the manual',
  'select pg_advisory_unlock(1)',
  'create temp table t (id int) on commit drop',
  'create table t (id int)',
  'Create temporary links',
  '',
]

describe('a text', () => {
  it.each(LEAVING)('leaves something behind: %s', (text, found) => {
    expect(commands(text)).toEqual([found])
  })

  it.each(HARMLESS)('leaves nothing behind: %s', (text) => {
    expect(commands(text)).toEqual([])
  })

  it('is taken at its word where it is run', () => {
    for (const text of [
      'listen changes',
      'set role admin',
      'set role = admin',
      "set time zone 'UTC'",
      'set geqo to off',
      `set ${PLACEHOLDER} = 1`,
    ]) {
      expect(commands(text)).toEqual([])
      expect(commands(text, true)).toHaveLength(1)
    }
  })

  it('may leave several things, in their order', () => {
    expect(commands("select pg_advisory_lock(1); set a.b = 'x'; LISTEN c")).toEqual([
      'advisory-lock pg_advisory_lock()',
      'session-setting SET',
      'notification-channel LISTEN',
    ])
  })
})
