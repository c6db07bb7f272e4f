import { describe, expect, it } from 'vitest'
import type { Finding } from '../../../src/rls/finding.ts'
import { toMigration } from '../../../src/rls/report/migration/to-migration.ts'
import { findingOn, HOSTILE_NAMES } from './hostile-findings.ts'

const withSql = (name: string, sql: string | undefined): Finding => ({ ...findingOn(name), sql })

/** What of a migration is not a comment. */
const bare = (migration: string) =>
  migration
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('--'))
    .join('\n')

describe('a migration', () => {
  it('runs in one transaction, in the order of the findings', () => {
    expect(toMigration([findingOn('b'), findingOn('a')])).toBe(`\
-- Written by \`leasehold audit --fix\`: mends 2 of 2 findings. Read it before you run it.

begin;
set local lock_timeout = '5000ms';

-- rls-disabled: public.b
alter table public."b" enable row level security;

-- rls-disabled: public.a
alter table public."a" enable row level security;

commit;
`)
  })

  it('runs once what mends several findings', () => {
    const migration = toMigration([withSql('a', 'revoke x;'), withSql('b', 'revoke x;\n')])
    expect(bare(migration)).toBe("begin;\nset local lock_timeout = '5000ms';\nrevoke x;\ncommit;")
    expect(migration).toContain('-- rls-disabled: public.a\n-- rls-disabled: public.b\nrevoke x;')
  })

  it('keeps what PostgreSQL refuses in a transaction for afterwards, with what depends on it', () => {
    const migration = toMigration([
      withSql('a', 'create unique index CONCURRENTLY i on a (x); alter table a add unique using index i;'),
      withSql('b', 'drop index "concurrently";'),
    ])
    expect(bare(migration)).toBe(`begin;
set local lock_timeout = '5000ms';
drop index "concurrently";
commit;
create unique index CONCURRENTLY i on a (x);
alter table a add unique using index i;`)
  })

  it('holds as comments what somebody must decide, and no empty transaction', () => {
    const migration = toMigration([withSql('a', undefined)])
    expect(bare(migration)).toBe('')
    expect(migration).toContain(
      '-- rls-disabled: public.a\n--   The table a is open.\n--   Fix: alter table a',
    )
  })

  it.each(HOSTILE_NAMES)('lets no name out of a comment: %j', (name) => {
    const migration = toMigration([withSql(name, undefined), withSql(name, 'select 1;')])
    expect(bare(migration)).toBe("begin;\nset local lock_timeout = '5000ms';\nselect 1;\ncommit;")
    expect(migration).not.toMatch(/[\r\u2028\u2029\u0085]/)
  })
})
