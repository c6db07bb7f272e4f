import pg from 'pg'
import { definePartitions } from '../../../../src/partitioning/definition/define-partitions.ts'
import type {
  KeyType,
  PartitionedTableOptions,
  PartitionSet,
} from '../../../../src/partitioning/definition/partition-options.ts'
import {
  addMonths,
  type Month,
  monthAt,
  monthStartUs,
  monthText,
} from '../../../../src/partitioning/months/month.ts'
import { monthBound } from '../../../../src/partitioning/months/month-bound.ts'
import { partitionName } from '../../../../src/partitioning/months/partition-name.ts'
import { createDatabase, dropDatabase, type ServerAddress } from '../../../../src/testing/rig/databases.ts'

export const TENANTS: readonly string[] = Array.from(
  { length: 3 },
  (_, n) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
)

/** What a table of events is like. */
export interface EventsOptions {
  /** @default 'timestamptz' */
  readonly keyType?: KeyType
  readonly table?: Partial<PartitionedTableOptions>
  /** Months behind the clock's that have a partition with rows. @default 6 */
  readonly past?: number
}

const KEY_SQL: Readonly<Record<KeyType, (at: string) => string>> = {
  timestamptz: (at) => at,
  timestamp: (at) => `(${at} at time zone 'UTC')`,
  date: (at) => `(${at} at time zone 'UTC')::date`,
  uuidv7: (at) =>
    `(lpad(to_hex((extract(epoch from ${at}) * 1000)::bigint), 12, '0') || '7' || substr(md5(n::text), 1, 3) || '8' || substr(md5(n::text), 4, 15))::uuid`,
}

let made = 0

/** A database with a table of events in months, its owner, and the job's login. */
export class EventsDatabase {
  readonly address: ServerAddress
  readonly name: string
  readonly owner: string
  readonly job: string
  readonly set: PartitionSet
  readonly admin: pg.Client
  /** Every client that was opened here, ended with the database. */
  readonly #clients: pg.Client[] = []
  /** Set for a clone, whose roles are those of its original. */
  readonly #ownsRoles: boolean

  private constructor(
    address: ServerAddress,
    name: string,
    {
      owner,
      job,
      set,
      admin,
      ownsRoles,
    }: Pick<EventsDatabase, 'owner' | 'job' | 'set' | 'admin'> & { ownsRoles: boolean },
  ) {
    this.address = address
    this.name = name
    this.owner = owner
    this.job = job
    this.set = set
    this.admin = admin
    this.#ownsRoles = ownsRoles
  }

  static async create(address: ServerAddress, options: EventsOptions = {}): Promise<EventsDatabase> {
    const { name } = await createDatabase(address)
    made += 1
    const [owner, job] = [`part_owner_${process.pid}_${made}`, `part_job_${process.pid}_${made}`]
    const { keyType = 'timestamptz', past = 6 } = options
    const key = keyType === 'uuidv7' ? 'id' : 'at'
    const set = definePartitions({
      tables: {
        events: {
          key,
          keyType,
          every: 'month',
          premake: 2,
          retain: { months: 4 },
          minLeaves: 1,
          maxRetirePerRun: 2,
          ...options.table,
        },
      },
    })
    const admin = await open(address, name, 'postgres')
    await admin.query(schemaSql({ name, owner, job, key, keyType }))
    const now = monthAt(BigInt(Date.now()) * 1000n)
    for (let n = -past; n <= 0; n += 1)
      await admin.query(monthSql(addMonths(now, n), { owner, key, keyType }))
    return new EventsDatabase(address, name, { owner, job, set, admin, ownsRoles: true })
  }

  /** A database that is the same to the last byte. Nobody may be connected to this one but its `admin`, whose connection is given up. */
  static async clone(original: EventsDatabase): Promise<EventsDatabase> {
    const { name } = await createDatabase(original.address, { template: original.name })
    const admin = await open(original.address, name, 'postgres')
    // Privileges on the database itself are not cloned.
    await admin.query(`grant create on database ${name} to ${original.owner}`)
    return new EventsDatabase(original.address, name, {
      ...original,
      owner: original.owner,
      job: original.job,
      set: original.set,
      admin,
      ownsRoles: false,
    })
  }

  /** Logs in for the job. */
  connect(user: string = this.job): Promise<pg.Client & { readonly processID: number }> {
    return open(this.address, this.name, user, this.#clients)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#clients, this.admin].map((client) => client.end().catch(() => {})))
    await dropDatabase(this.address, this.name)
    if (!this.#ownsRoles) return
    const admin = await open(this.address, 'postgres', 'postgres')
    await admin.query(`drop role ${this.job}; drop role ${this.owner}`).finally(() => admin.end())
  }
}

async function open(
  { host, port }: ServerAddress,
  database: string,
  user: string,
  into: pg.Client[] = [],
): Promise<pg.Client & { readonly processID: number }> {
  const client = new pg.Client({ host, port, database, user, application_name: 'partition tests' })
  client.on('error', () => {})
  await client.connect()
  into.push(client)
  return client as pg.Client & { readonly processID: number }
}

interface Shape {
  readonly owner: string
  readonly key: string
  readonly keyType: KeyType
}

function schemaSql({
  name,
  owner,
  job,
  key,
  keyType,
}: Shape & { readonly name: string; readonly job: string }): string {
  const columns =
    keyType === 'uuidv7'
      ? 'id uuid not null'
      : `at ${keyType} not null, id bigint generated always as identity`
  const primaryKey = keyType === 'uuidv7' ? '(tenant_id, id)' : '(tenant_id, at, id)'
  return `
    create role ${owner}; create role ${job} login; grant ${owner} to ${job}; grant pg_read_all_stats to ${job};
    do $$ begin if not exists (select from pg_roles where rolname = 'app') then create role app login; end if; end $$;
    grant create on database ${name} to ${owner}; grant usage, create on schema public to ${owner}; grant usage on schema public to app;
    set role ${owner};
    create table tenants (tenant_id uuid primary key); insert into tenants values ${TENANTS.map((id) => `('${id}')`).join(', ')};
    create table events (tenant_id uuid not null references tenants, ${columns}, n int not null, body text not null default 'x',
      primary key ${primaryKey}) partition by range (${key});
    create index on events (n);
    create schema public_parts; create schema public_detached;
    alter table events enable row level security, force row level security;
    create policy tenant on events to app using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
    grant select, insert on events to app; grant select on tenants to app;
    reset role;`
}

const ROWS = 20

/** A month made by hand, with rows in it. */
function monthSql(month: Month, { owner, key, keyType }: Shape): string {
  const part = `public_parts.${partitionName('events', month)}`
  const at = `(timestamptz '${monthText(month)}-01 00:00:00+00' + n * interval '1 day')`
  return `
    set role ${owner};
    create table ${part} partition of events for values from (${monthBound(month, keyType)}) to (${monthBound(addMonths(month, 1), keyType)});
    alter table ${part} enable row level security, force row level security;
    reset role;
    insert into events (tenant_id, ${key}, n) select ('00000000-0000-4000-8000-' || lpad((n % 3)::text, 12, '0'))::uuid, ${KEY_SQL[keyType](at)}, ${month} * 100 + n
      from generate_series(0, ${ROWS - 1}) as n;`
}

/** The start of a month around the clock's, in microseconds. */
export function monthFromNow(months: number): Month {
  return addMonths(monthAt(BigInt(Date.now()) * 1000n), months)
}

export { monthStartUs, partitionName }
