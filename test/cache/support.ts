import { inject } from 'vitest'
import type { Cache, CacheOptions } from '../../src/cache/index.ts'
import { createCache } from '../../src/cache/index.ts'
import type { TenantId } from '../../src/context/tenant-id.ts'
import { uuid } from '../../src/context/tenant-id.ts'
import { createLeasehold, type Leasehold } from '../../src/index.ts'
import { openTarget, type Target } from '../support/target.ts'

export const CLINIC: TenantId = uuid('aaaaaaaa-0000-4000-8000-00000000000a')
export const OTHER: TenantId = uuid('bbbbbbbb-0000-4000-8000-00000000000b')

/** Patients, whom a member of staff sees where a membership says so, and a list that everybody in a clinic sees. */
const SCHEMA = `
create table rooms (tenant_id uuid not null, id int not null, name text not null, primary key (tenant_id, id));
create table memberships (tenant_id uuid not null, user_id text not null, primary key (tenant_id, user_id));
create table patients (tenant_id uuid not null, id int not null, name text not null, primary key (tenant_id, id));
do $$ declare name text; begin
  foreach name in array array['rooms', 'memberships', 'patients'] loop
    execute format('alter table %I enable row level security; alter table %1$I force row level security', name);
  end loop;
end $$;
create policy tenant on rooms to app using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
create policy tenant on memberships to app using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
create policy members on patients to app using (
  tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)
  and exists (select from memberships where memberships.tenant_id = patients.tenant_id
    and memberships.user_id = current_setting('app.user_id', true)));
create table letters (tenant_id uuid not null, id int not null, user_id text not null, text text not null, primary key (tenant_id, id));
alter table letters enable row level security;
alter table letters force row level security;
create policy own on letters to app using (
  tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid) and user_id = current_setting('app.user_id', true));
grant select, insert, update, delete on rooms, memberships, patients, letters to app, cache_system;
insert into letters values ('${CLINIC}', 1, 'ada', 'for ada');
insert into rooms select tenant, id, 'room ' || id from unnest(array['${CLINIC}'::uuid, '${OTHER}']) as tenant, generate_series(1, 9) as id;
insert into patients select tenant, id, 'patient ' || id from unnest(array['${CLINIC}'::uuid, '${OTHER}']) as tenant, generate_series(1, 9) as id;
insert into memberships values ('${CLINIC}', 'ada'), ('${CLINIC}', 'bob'), ('${OTHER}', 'ada');
`

/** A database with a cache in front of it. */
export interface CacheBed extends AsyncDisposable {
  readonly target: Target
  readonly db: Leasehold
  readonly cache: Cache
  /** Makes a further cache over the same Redis and database, as another process would. */
  another(options?: Partial<CacheOptions>): Promise<{ db: Leasehold; cache: Cache }>
}

let beds = 0

/** @param options of every cache of the bed */
export async function openCacheBed(options: Partial<CacheOptions> = {}, schema = ''): Promise<CacheBed> {
  const redis = inject('rig').redis
  if (!redis) throw new Error('The rig has no Redis.')
  await using cleanUp = new AsyncDisposableStack()
  const target = cleanUp.use(await openTarget('direct', { template: 'empty', poolSize: 10 }))
  await target.admin.query(
    `do $$ begin create role cache_system login bypassrls; exception when duplicate_object or unique_violation then null; end $$`,
  )
  await target.admin.query(SCHEMA + schema)
  beds += 1
  const prefix = `bed-${process.pid}-${beds}:`
  const stack = cleanUp.move()
  const another = async (more: Partial<CacheOptions> = {}) => {
    const db = createLeasehold({
      primary: target.poolOptions({ max: 10 }),
      system: target.poolOptions({ max: 2, user: 'cache_system' }),
      settings: ['app.user_id'],
      verifyOnStart: false,
    })
    stack.defer(() => db.close())
    return { db, cache: stack.use(await createCache({ db, redis, prefix, ...options, ...more })) }
  }
  try {
    return { ...(await another()), target, another, [Symbol.asyncDispose]: () => stack.disposeAsync() }
  } catch (error) {
    await stack.disposeAsync()
    throw error
  }
}
