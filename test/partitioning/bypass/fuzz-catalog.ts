import type { PartitionSet } from '../../../src/partitioning/definition/partition-options.ts'
import { SET, TABLE } from '../check/sound-catalog.ts'
import type { FuzzRoles } from './fuzz-roles.ts'

/** Names of one catalog, all of them plain enough to need no quotes. */
export interface FuzzCatalog {
  readonly roles: FuzzRoles
  readonly schemas: { readonly main: string; readonly parts: string; readonly detached: string }
  /** The partitioned table, with its schema. */
  readonly table: string
  /** Attached partitions, the oldest first. */
  readonly leaves: readonly string[]
  /** All partitions, the detached one too. */
  readonly relations: readonly string[]
  readonly set: PartitionSet
}

/** Months from two ago to two ahead of the clock's; `n` counts from it. */
const FIRST = -2
const LAST = 2

function firstOf(n: number): Date {
  const now = new Date()
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + n, 1))
}

function nameOf(month: Date): string {
  return `audit_log_${month.toISOString().slice(0, 7).replace('-', '_')}`
}

/** Names of a catalog; they may be used again, once its transaction was rolled back. */
export function fuzzCatalog(roles: FuzzRoles): FuzzCatalog {
  const schemas = { main: 'fuzz', parts: 'fuzz_parts', detached: 'fuzz_detached' }
  const leaves: string[] = []
  for (let n = FIRST; n <= LAST; n += 1) leaves.push(`${schemas.parts}.${nameOf(firstOf(n))}`)
  return {
    roles,
    schemas,
    table: `${schemas.main}.audit_log`,
    leaves,
    relations: [...leaves, `${schemas.detached}.audit_log_2020_01`],
    set: {
      ...SET,
      schema: schemas.main,
      partsSchema: schemas.parts,
      detachedSchema: schemas.detached,
      appRole: roles.app,
      tables: [{ ...TABLE, premake: LAST, retainMonths: undefined, archive: undefined }],
    },
  }
}

/** The SQL of a sound one, with rows of two tenants in each partition. */
export function soundSql({ roles, schemas, table, leaves }: FuzzCatalog): string {
  const hardened = (relation: string) => `alter table ${relation} enable row level security;
    alter table ${relation} force row level security; alter table ${relation} owner to ${roles.owner};`
  const months = leaves.map((leaf, index) => {
    const [low, high] = [firstOf(FIRST + index), firstOf(FIRST + index + 1)].map((date) => date.toISOString())
    return `create table ${leaf} partition of ${table} for values from ('${low}') to ('${high}'); ${hardened(leaf)}
      insert into ${table} (tenant_id, at, body) values (1, '${low}', 'of 1'), (2, '${low}', 'of 2');`
  })
  const detached = `${schemas.detached}.audit_log_2020_01`
  return `
    create schema ${schemas.main}; create schema ${schemas.parts}; create schema ${schemas.detached};
    alter schema ${schemas.main} owner to ${roles.owner}; alter schema ${schemas.parts} owner to ${roles.owner};
    alter schema ${schemas.detached} owner to ${roles.owner};
    grant usage on schema ${schemas.main} to public;
    create table ${table} (tenant_id int not null, at timestamptz not null, id uuid not null default gen_random_uuid(), body text,
      primary key (tenant_id, at, id)) partition by range (at);
    alter table ${table} owner to ${roles.owner};
    alter table ${table} enable row level security; alter table ${table} force row level security;
    create policy tenant on ${table} using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::int);
    grant select, insert, update, delete on ${table} to ${roles.app};
    create table ${schemas.main}.sample as select 1 as tenant_id, now() as at, gen_random_uuid() as id, 'new'::text as body;
    grant select on ${schemas.main}.sample to public;
    ${months.join('\n')}
    create table ${detached} (like ${table} including all); ${hardened(detached)}
    insert into ${detached} (tenant_id, at, body) values (1, '2020-01-05', 'of 1'), (2, '2020-01-05', 'of 2');
    analyze ${table}; analyze ${detached};
    set local app.tenant_id = '1';`
}
