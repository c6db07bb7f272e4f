import { TENANT_A, TENANT_B } from '../../support/notes.ts'

/** In every row of the tests; in no message. */
export const SECRET = 'canary-7f3a'
export const TENANTS: readonly [string, string] = [TENANT_A, TENANT_B]
export const TENANT = "(select nullif(current_setting('app.tenant_id', true), '')::uuid)"
const OWN = `tenant_id = ${TENANT}`

/** A table with rows of both tenants, and privileges on all of it, but no row security yet. */
export function openTable(name: string): string {
  return `create table ${name} (
    tenant_id uuid not null default nullif(current_setting('app.tenant_id', true), '')::uuid,
    id bigint generated always as identity, code text not null, body text, length int generated always as (length(body)) stored,
    primary key (tenant_id, id), unique (tenant_id, code)
  );
  insert into ${name} (tenant_id, code, body)
  select tenant::uuid, n::text, '${SECRET}' from unnest(array['${TENANTS.join("','")}']) as tenant, generate_series(1, 3) as n;
  grant select, insert, update, delete on ${name} to app;
  alter table ${name} enable row level security;
  alter table ${name} force row level security;`
}

/** A policy for one command; what is not said is right. */
export function policy(
  table: string,
  command: 'all' | 'select' | 'insert' | 'update' | 'delete',
  { using = OWN, check = OWN }: { using?: string; check?: string } = {},
): string {
  const parts = [
    command === 'insert' ? '' : `using (${using})`,
    command === 'select' || command === 'delete' ? '' : `with check (${check})`,
  ]
  return `create policy ${command}_rows on ${table} for ${command} to app ${parts.join(' ')};`
}

/** A table that keeps its tenants apart. */
export function rightTable(name: string): string {
  return `${openTable(name)} ${policy(name, 'all')}`
}

export const FIRST = 'the first tenant'
export const SECOND = 'the second tenant'

/** What is said of a write that stands for no tenant. */
export function without(when: string, what: string): string {
  return `${when} somebody can ${what} a tenant`
}
