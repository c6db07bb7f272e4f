import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { inject } from 'vitest'
import type { ArchivedPartition } from '../../../src/partitioning/archive/archived-partition.ts'
import { dropGuardSql } from '../../../src/partitioning/archive/guard/drop-guard-sql.ts'
import type { PartitionSet } from '../../../src/partitioning/definition/partition-options.ts'
import type { RestoreTarget } from '../../../src/partitioning/restore/restore-target.ts'
import { createDatabase, dropDatabase } from '../../../src/testing/rig/databases.ts'

export const LOW_US: bigint = BigInt(Date.UTC(2026, 0, 1)) * 1000n
export const HIGH_US: bigint = BigInt(Date.UTC(2026, 1, 1)) * 1000n

export const SET: PartitionSet = {
  schema: 'public',
  partsSchema: 'public_parts',
  detachedSchema: 'public_detached',
  tenantColumn: 'tenant_id',
  appRole: 'app',
  tables: [],
}

/** As helper tables of the job have it; only the columns matter here. */
const LEDGER = `
create table if not exists leasehold.partition_ledger (
  "table" text not null, partition text not null, oid oid not null, low_us bigint, high_us bigint, state text not null,
  archive_uri text, rows bigint, sha256 text, detached_at timestamptz, drop_after timestamptz, hold text,
  updated_at timestamptz default now(), primary key ("table", oid))`

let made = 0

/** A database with the roles of the job, the drop guard, and a folder to archive to. */
export class ArchiveBench implements AsyncDisposable {
  readonly admin: pg.Client
  /** `file:` sinks go here. */
  readonly folder: string
  readonly archiver: string
  readonly owner: string
  readonly #database: string

  constructor(parts: {
    admin: pg.Client
    folder: string
    database: string
    archiver: string
    owner: string
  }) {
    this.admin = parts.admin
    this.folder = parts.folder
    this.#database = parts.database
    this.archiver = parts.archiver
    this.owner = parts.owner
  }

  static async open(options: { guard?: boolean } = {}): Promise<ArchiveBench> {
    const primary = inject('rig').primary
    const { name: database } = await createDatabase(primary, { template: 'empty' })
    const admin = new pg.Client({ ...primary, user: 'postgres', database })
    admin.on('error', () => {})
    await admin.connect()
    made += 1
    const archiver = `archiver_${process.pid}_${made}`
    const owner = `owner_${process.pid}_${made}`
    await admin.query(`create role ${archiver} login bypassrls; create role ${owner} login;
      grant create on database ${database} to ${owner}; grant usage, create on schema public to ${owner};
      create schema public_parts authorization ${owner}; create schema public_detached authorization ${owner};
      grant usage on schema public_parts, public_detached to ${archiver}`)
    if (options.guard ?? true) {
      await admin.query(`begin; ${dropGuardSql(SET, { archiver, owner }).join('\n')} commit`)
      await admin.query(`set role ${owner}; ${LEDGER}; reset role`)
    }
    const folder = await mkdtemp(join(tmpdir(), 'leasehold-archive-'))
    return new ArchiveBench({ admin, folder, database, archiver, owner })
  }

  /** A client of a role, which whoever it is given to ends. */
  connectAs(role: string): () => Promise<pg.Client> {
    return async () => {
      const client = new pg.Client({ ...inject('rig').primary, user: role, database: this.#database })
      client.on('error', () => {})
      await client.connect()
      return client
    }
  }

  connect(): Promise<pg.Client> {
    return this.connectAs(this.archiver)()
  }

  async asOwner(sql: string): Promise<void> {
    await this.admin.query(`set role ${this.owner}`)
    try {
      await this.admin.query(sql)
    } catch (error) {
      await this.admin.query('rollback')
      throw error
    } finally {
      await this.admin.query('reset role')
    }
  }

  async rows<T>(sql: string, values?: unknown[]): Promise<T[]> {
    return (await this.admin.query(sql, values)).rows as T[]
  }

  /** A partitioned table and its January of 2026, hardened and detached, as `retire` leaves it. */
  async makeDetached(columns: string, insert: string, name = 'events'): Promise<ArchivedPartition> {
    await this.asOwner(`create table public.${name} (${columns}) partition by range (created_at);
      create table public_parts.${name}_2026_01 partition of public.${name} for values from ('2026-01-01 00:00:00+00') to ('2026-02-01 00:00:00+00');
      ${insert};
      alter table public_parts.${name}_2026_01 enable row level security;
      alter table public_parts.${name}_2026_01 force row level security;
      alter table public.${name} detach partition public_parts.${name}_2026_01;
      alter table public_parts.${name}_2026_01 set schema public_detached;
      grant select on public_detached.${name}_2026_01 to ${this.archiver}`)
    return this.partition(name, 'public_detached')
  }

  partition(name: string, schema: string): ArchivedPartition {
    return {
      table: `public.${name}`,
      schema,
      partition: `${name}_2026_01`,
      lowUs: LOW_US,
      highUs: HIGH_US,
      key: 'created_at',
      tenantColumn: 'tenant_id',
    }
  }

  target(name = 'events'): RestoreTarget {
    return {
      schema: 'public',
      table: name,
      partsSchema: 'public_parts',
      owner: this.owner,
      key: 'created_at',
      keyType: 'timestamptz',
      foreignTables: [],
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.admin.end()
    const primary = inject('rig').primary
    await dropDatabase(primary, this.#database)
    const server = new pg.Client({ ...primary, user: 'postgres', database: 'postgres' })
    await server.connect()
    await server.query(`drop role ${this.archiver}; drop role ${this.owner}`)
    await server.end()
    await rm(this.folder, { recursive: true, force: true })
  }
}
