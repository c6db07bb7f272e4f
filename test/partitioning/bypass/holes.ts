import type { Random } from '../../support/random.ts'
import type { FuzzCatalog } from './fuzz-catalog.ts'

/** What a check must say of a planted hole. */
export interface Expected {
  readonly rule: string
  readonly object: string
}

/** One thing that people, or other tools, do to partitions. */
export interface Hole {
  readonly name: string
  /** The SQL that makes it, as a superuser, and what a check must say. */
  plant(
    catalog: FuzzCatalog,
    random: Random,
  ): { readonly sql: string; readonly expected: readonly Expected[] }
}

const PRIVILEGES = [
  'select',
  'insert',
  'update',
  'delete',
  'truncate',
  'all',
  'select, insert',
  'references',
  'trigger',
]

/** Something on one partition, attached or not. */
function onPartition(
  name: string,
  rule: string,
  sql: (relation: string, catalog: FuzzCatalog, random: Random) => string,
): Hole {
  return {
    name,
    plant: (catalog, random) => {
      const relation = random.pick(catalog.relations)
      return { sql: sql(relation, catalog, random), expected: [{ rule, object: relation }] }
    },
  }
}

const grantee = (catalog: FuzzCatalog, random: Random) =>
  random.pick([
    catalog.roles.app,
    catalog.roles.bypasser,
    catalog.roles.stranger,
    catalog.roles.reader,
    'public',
  ])

/** So that the run makes a month, which is born with what is granted by default. */
const withoutNewest = ({ leaves, schemas }: FuzzCatalog) => {
  const newest = leaves.at(-1) ?? ''
  return `drop table if exists ${newest}, ${newest.replace(schemas.parts, schemas.main)};`
}

/** Every hole that the fuzz makes. */
export const HOLES: readonly Hole[] = [
  onPartition('a grant', 'partition-grants', (relation, catalog, random) => {
    return `grant ${random.pick(PRIVILEGES)} on ${relation} to ${grantee(catalog, random)};`
  }),
  onPartition('a grant of a column', 'partition-grants', (relation, catalog, random) => {
    return `grant select (body), update (body) on ${relation} to ${grantee(catalog, random)};`
  }),
  onPartition('a grant that is passed on', 'partition-grants', (relation, { roles }) => {
    const [schema] = relation.split('.')
    return `grant select on ${relation} to ${roles.app} with grant option; grant usage on schema ${schema} to ${roles.app};
      set local role ${roles.app}; grant select on ${relation} to ${roles.stranger}, public; reset role;
      revoke usage on schema ${schema} from ${roles.app};`
  }),
  onPartition('row security off', 'partition-row-security', (relation, catalog, random) => {
    const grant = random.chance(50) ? `grant select on ${relation} to ${grantee(catalog, random)};` : ''
    return `alter table ${relation} disable row level security; ${grant}`
  }),
  onPartition('row security not forced', 'partition-row-security', (relation) => {
    return `alter table ${relation} no force row level security;`
  }),
  onPartition('a policy', 'partition-policies', (relation, catalog, random) => {
    const grant = random.chance(50) ? `grant all on ${relation} to ${grantee(catalog, random)};` : ''
    return `create policy "odd ""policy""" on ${relation} using (true); ${grant}`
  }),
  onPartition('another owner', 'partition-owner', (relation, { roles }) => {
    return `alter table ${relation} owner to ${roles.formerOwner};`
  }),
  {
    name: 'a grant on all tables',
    plant: ({ schemas, relations, roles }, random) => {
      const role = random.pick([roles.app, roles.stranger, 'public'])
      return {
        sql: `grant select, insert on all tables in schema ${schemas.parts} to ${role};`,
        expected: relations
          .filter((relation) => relation.startsWith(`${schemas.parts}.`))
          .map((object) => ({ rule: 'partition-grants', object })),
      }
    },
  },
  {
    name: 'default privileges in the schema',
    plant: (catalog, random) => {
      const { schemas, roles, table } = catalog
      const maker = random.pick([roles.owner, roles.job])
      return {
        sql: `alter default privileges for role ${maker} in schema ${schemas.parts} grant all on tables to ${grantee(catalog, random)};
          ${withoutNewest(catalog)}`,
        expected: [
          { rule: 'default-privileges', object: schemas.parts },
          { rule: 'months-ahead-missing', object: table },
        ],
      }
    },
  },
  {
    name: 'default privileges everywhere',
    plant: (catalog, random) => {
      const { roles, table } = catalog
      const maker = random.pick([roles.owner, roles.job])
      return {
        sql: `alter default privileges for role ${maker} grant select on tables to ${grantee(catalog, random)};
          ${withoutNewest(catalog)}`,
        // The job's are no finding: nothing in the catalog says which role it is. What it makes is closed all the same.
        expected: [
          { rule: 'months-ahead-missing', object: table },
          ...(maker === roles.owner ? [{ rule: 'default-privileges', object: maker }] : []),
        ],
      }
    },
  },
  {
    name: 'the schema of partitions granted',
    plant: (catalog, random) => {
      const schema = random.pick([catalog.schemas.parts, catalog.schemas.detached])
      return {
        sql: `grant ${random.pick(['usage', 'usage, create', 'create'])} on schema ${schema} to ${grantee(catalog, random)};`,
        expected: [{ rule: 'schema-reachable', object: schema }],
      }
    },
  },
  {
    name: 'a month in the schema of the application',
    plant: ({ leaves, schemas }, random) => {
      const moved = random.pick(leaves)
      const name = moved.slice(schemas.parts.length + 1)
      return {
        sql: `alter table ${moved} set schema ${schemas.main};`,
        expected: [{ rule: 'partition-elsewhere', object: `${schemas.main}.${name}` }],
      }
    },
  },
  {
    name: 'a month that is missing',
    plant: ({ leaves, table }) => {
      // Other holes take the oldest and the newest away, and beside those there would be no hole.
      const gone = leaves[Math.floor(leaves.length / 2)] ?? ''
      return {
        sql: `drop table ${gone};`,
        expected: [
          { rule: 'partition-gap', object: table },
          { rule: 'archive-missing', object: gone },
        ],
      }
    },
  },
  {
    name: 'a DEFAULT partition',
    plant: ({ schemas, table, roles }) => ({
      sql: `create table ${schemas.parts}.audit_log_default partition of ${table} default;
        alter table ${schemas.parts}.audit_log_default owner to ${roles.owner};
        insert into ${table} (tenant_id, at, body) values (1, '2001-01-01', 'stray');`,
      expected: [
        { rule: 'default-partition', object: `${schemas.parts}.audit_log_default` },
        { rule: 'partition-row-security', object: `${schemas.parts}.audit_log_default` },
      ],
    }),
  },
  {
    name: 'a month restored from a dump',
    plant: ({ schemas, roles, table }, random) => {
      const schema = random.pick([schemas.parts, schemas.detached])
      const name = `${schema}.audit_log_2019_0${1 + random.below(9)}`
      return {
        sql: `create table ${name} (like ${table} including all); alter table ${name} owner to ${roles.owner};
          insert into ${name} (tenant_id, at, body) values (1, '2019-01-05', 'old'), (2, '2019-01-06', 'old');
          ${random.chance(70) ? `grant select on ${name} to ${roles.app};` : ''} analyze ${name};`,
        expected: [
          { rule: 'detached-unrecorded', object: name },
          { rule: 'partition-row-security', object: name },
        ],
      }
    },
  },
  {
    name: 'a month detached by hand',
    plant: ({ leaves, table, schemas }, random) => {
      const [oldest = ''] = leaves
      const to = random.chance(50) ? schemas.detached : schemas.parts
      const name = `${to}.${oldest.slice(schemas.parts.length + 1)}`
      return {
        sql: `alter table ${table} detach partition ${oldest}; ${to === schemas.detached ? `alter table ${oldest} set schema ${to};` : ''}`,
        expected: [{ rule: 'detached-unrecorded', object: name }],
      }
    },
  },
]
