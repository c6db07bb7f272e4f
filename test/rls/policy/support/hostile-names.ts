import { randomBytes } from 'node:crypto'
import type pg from 'pg'
import { quoteName } from '../../../../src/rls/sql/quote.ts'

const id = randomBytes(3).toString('hex')

/** Names that end a quote, a comment or a block wherever one is not quoted. */
export const HOSTILE = {
  role: `app ${id}"; drop table canary; -- %s $$ '`,
  schema: `s"; drop table public.canary; --\n$$`,
  /** 63 bytes, the last character of two. */
  table: `${`patients'); drop table public.canary; --`.padEnd(61, '$')}é`,
  child: `visits $lsh1$ end $$; drop table public.canary; /*`,
  partitioned: `log %I %L\n; drop table public.canary; --`,
  tenant: `tenant"id', true); drop table public.canary; --`,
  id: 'id\n--"',
  reference: `${'patient → '.padEnd(60, '中')}`.slice(0, 26),
}

const q = Object.fromEntries(
  Object.entries(HOSTILE).map(([key, name]) => [key, quoteName(name)]),
) as typeof HOSTILE

/** A schema in which everything that can be named is named so, and a table that is still there if nothing broke out. */
export async function createHostileSchema(admin: pg.Client, { withRole = true } = {}): Promise<void> {
  await admin.query(`
    create table public.canary (id int);
    ${withRole ? `create role ${q.role} login;` : ''}
    create schema ${q.schema};
    create table ${q.schema}.${q.table} (
      ${q.tenant} uuid, ${q.id} bigserial primary key, name text,
      constraint "unique;"" --" unique (name));
    create unique index "expression $$ '" on ${q.schema}.${q.table} (lower(name)) where name <> 'it''s $$';
    create table ${q.schema}.${q.child} (
      ${q.tenant} uuid, ${q.id} uuid primary key default gen_random_uuid(),
      ${q.reference} bigint references ${q.schema}.${q.table} on delete set null);
    create table ${q.schema}.${q.partitioned} (${q.tenant} uuid, at date, ${q.id} uuid, primary key (at, ${q.id})) partition by range (at);
    create table ${q.schema}."part; """ partition of ${q.schema}.${q.partitioned} for values from ('2026-01-01') to ('2026-02-01');
    create table ${q.schema}."shared "" ;" (code text);
    create policy "old ""; drop table public.canary; --" on ${q.schema}.${q.table} using (true);
    grant all on all tables in schema ${q.schema} to ${q.role};
    grant all on schema ${q.schema} to ${q.role};
    grant create, temporary on database ${quoteName(admin.database ?? '')} to ${q.role};
    alter default privileges in schema ${q.schema} grant all on tables to ${q.role};`)
}

/** Roles outlive their databases. */
export async function dropHostileRole(admin: pg.Client, { withRole = true } = {}): Promise<void> {
  await admin.query(`drop owned by ${q.role}; ${withRole ? `drop role ${q.role}` : ''}`)
}

export const HOSTILE_OPTIONS = {
  appRole: HOSTILE.role,
  tenantColumn: HOSTILE.tenant,
  schemas: [HOSTILE.schema],
  shared: [`${HOSTILE.schema}.shared " ;`],
}

export const QUOTED: typeof HOSTILE = q
