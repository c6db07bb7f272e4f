import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AuditOptions } from '../../src/rls/audit/audit-options.ts'

const FOLDER = fileURLToPath(new URL('corpus', import.meta.url))

/** A tiny schema, and what an audit must say of it: of a right one nothing at all. */
export interface CorpusCase {
  /** The rule that it is about: the name of its folder. */
  readonly rule: string
  /** `bad-…` or `right-…`. */
  readonly name: string
  /** `rule object`, one for each finding, in alphabetical order. */
  readonly finds: readonly string[]
  /** Options of the audit that differ from the defaults. */
  readonly options: Partial<AuditOptions>
  readonly sql: string
}

/** The SQL that every case begins with. */
export const BASE: string = readFileSync(join(FOLDER, 'base.sql'), 'utf8')

/**
 * Reads the corpus. A file is SQL; its first lines are comments, of which `-- finds: rule object` names one finding and
 * `-- with: {...}` gives options. A line `\tenant_table schema.name (columns)` stands for a table that is made right.
 */
export function readCorpus(): readonly CorpusCase[] {
  const folders = readdirSync(FOLDER, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  return folders.flatMap(({ name: rule }) =>
    readdirSync(join(FOLDER, rule))
      .filter((file) => file.endsWith('.sql'))
      .map((file) => readCase(rule, join(FOLDER, rule, file))),
  )
}

function readCase(rule: string, path: string): CorpusCase {
  const text = readFileSync(path, 'utf8')
  const header = (key: string) =>
    [...text.matchAll(new RegExp(`^-- ${key}: (.*)$`, 'gm'))].map(([, value]) => (value ?? '').trim())
  const [options = '{}'] = header('with')
  return {
    rule,
    name: basename(path, '.sql'),
    finds: header('finds').sort(),
    options: JSON.parse(options),
    sql: text.replaceAll(/^\\tenant_table (\S+) \((.*)\)$/gm, (_line, table: string, columns: string) =>
      tenantTable(table, columns),
    ),
  }
}

/** A tenant's table as it should be. */
function tenantTable(table: string, columns: string): string {
  const tenant = "(select nullif(current_setting('app.tenant_id', true), '')::uuid)"
  const names = columns
    .split(/,(?![^(]*\))/)
    .map((column) => column.trim().split(/\s+/)[0] ?? '')
    .filter((name) => name !== '')
  const separator = names.length > 0 ? ', ' : ''
  return `create table ${table} (
  tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid,
  id uuid not null default gen_random_uuid()${separator}${columns},
  primary key (tenant_id, id)
);
alter table ${table} owner to corpus_owner;
alter table ${table} enable row level security;
alter table ${table} force row level security;
create policy tenant on ${table} to app using (tenant_id = ${tenant});
create policy tenant_floor on ${table} as restrictive to public using (tenant_id = ${tenant});
grant select, insert, delete on ${table} to app;
${names.length > 0 ? `grant update (${names.join(', ')}) on ${table} to app;` : ''}`
}
