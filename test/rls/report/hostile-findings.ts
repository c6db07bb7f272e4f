import type { Finding } from '../../../src/rls/finding.ts'

/** 63 bytes, the most that a name has. */
export const LONGEST_NAME: string = `${'ü'.repeat(31)}x`

/** Names that PostgreSQL takes, each of which breaks out of something. */
export const HOSTILE_NAMES: readonly string[] = [
  'quote"; drop table students; --',
  "apostrophe' or 1=1 --",
  'line\nbreak; drop table students;',
  'carriage\rreturn',
  '-- comment',
  '*/ /* $$ $tag$',
  'back\\slash\\n',
  '\u001b[31mred\u001b[0m\u0007',
  'right\u202eto left\u2066',
  'separators\u2028\u2029\u0085',
  '日本語 🏥 tenant',
  '<script>&amp;</script>',
  '::error::workflow',
  'a.b.c',
  LONGEST_NAME,
]

/** A finding on an object of that name, as a rule makes it: `sql` quoted, the texts not. */
export function findingOn(name: string, severity: Finding['severity'] = 'error'): Finding {
  const quoted = `"${name.replaceAll('"', '""')}"`
  return {
    rule: 'rls-disabled',
    severity,
    object: `public.${name}`,
    message: `The table ${name} is open.`,
    fix: `alter table ${name} enable row level security`,
    sql: `alter table public.${quoted} enable row level security;`,
  }
}
