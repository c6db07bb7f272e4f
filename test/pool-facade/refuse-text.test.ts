import { describe, expect, it } from 'vitest'
import { UnsupportedError } from '../../src/errors/unsupported.ts'
import { refuseText } from '../../src/pool-facade/refuse-text.ts'

describe('refuseText', () => {
  it.each([
    'select 1; select 2',
    "; select ';'; delete from notes",
    'select 1 /* ; */; -- x\n update notes set body = $1;',
    'create table a (b int); create table c (d int)',
    'select pg_advisory_lock(1)',
    'select PG_TRY_ADVISORY_LOCK_SHARED($1, $2)',
    'select pg_catalog."pg_advisory_unlock_all"()',
  ])('refuses %s', (text) => {
    expect(() => refuseText(text)).toThrow(UnsupportedError)
  })

  it.each([
    'select 1',
    'select 1;',
    ' ;; select 1 ; ; -- the end',
    'select \';\' || $$;$$ || $a$ ; $a$ as ";"',
    "select 'pg_advisory_lock(1)'",
    'select pg_advisory_xact_lock(1), pg_try_advisory_xact_lock(2)',
    'create rule r as on insert to a do also (insert into b values (1); insert into c values (2));',
    'create function f() returns void language sql begin atomic select 1; select 2; end',
  ])('lets pass %s', (text) => {
    expect(() => refuseText(text)).not.toThrow()
  })
})
