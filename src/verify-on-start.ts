import { DeadlineError } from './errors/connection.ts'
import type { ResolvedOptions } from './options/resolve-options.ts'
import type { ResolvedVerify } from './options/resolve-verify.ts'
import type { PgClient, PgPool } from './pool/pg-pool.ts'
import type { CatalogClient } from './rls/catalog/catalog-client.ts'
import { StartCheck } from './rls/verify/start-check.ts'
import { verifyApart } from './rls/verify/verify-apart.ts'
import { warningEvents } from './telemetry.ts'
import { asWireClient } from './wire/pg-internals.ts'

/** An audit reads the catalogs of a whole database. */
const AUDIT_LIMIT_MS = 30_000

/** Verifies a pool on one of its connections; costs nothing once that has passed. */
export type VerifyPool = (pool: PgPool, client: PgClient) => Promise<void>

type RoleCheck = StartCheck<PgClient, string>

/** Of pools that others brought, by what was asked: each is verified once, however many objects are made over it. */
const known = new WeakMap<PgPool, Map<string, RoleCheck>>()

/** What the pools go through before their first use; nothing where the options turn it off. */
export function verifyOnStart(
  options: ResolvedOptions,
): { readonly application: VerifyPool; readonly system: VerifyPool } | undefined {
  const { verify, acquireTimeoutMs } = options
  if (!verify) return undefined
  const roles = new Map<'application' | 'system', string>()
  const meet = (which: 'application' | 'system', role: string) => {
    roles.set(which, role)
    const [application, system] = [roles.get('application'), roles.get('system')]
    if (application !== undefined && system !== undefined) verifyApart(application, system)
  }
  const systemCheck: RoleCheck = new StartCheck((client) => within(acquireTimeoutMs, client, askSessionUser))
  return {
    application: async (pool, client) => {
      meet('application', await applicationCheck(pool, options, verify).pass(client))
    },
    system: async (_pool, client) => {
      meet('system', await systemCheck.pass(client))
    },
  }
}

function applicationCheck(pool: PgPool, options: ResolvedOptions, verify: ResolvedVerify): RoleCheck {
  const { tenantSetting, tenantColumn, settings, acquireTimeoutMs } = options
  const checks = known.get(pool) ?? new Map<string, RoleCheck>()
  known.set(pool, checks)
  const asked = JSON.stringify([tenantSetting, tenantColumn, settings, verify])
  const limitMs = verify.audit ? Math.max(AUDIT_LIMIT_MS, acquireTimeoutMs) : acquireTimeoutMs
  const check =
    checks.get(asked) ??
    new StartCheck((client) =>
      within(limitMs, client, (reader) => verifyApplication(reader, options, verify)),
    )
  checks.set(asked, check)
  return check
}

/** The modules that it takes are loaded when they are needed: the check is made once in the life of a process. */
async function verifyApplication(
  reader: CatalogClient,
  options: ResolvedOptions,
  verify: ResolvedVerify,
): Promise<string> {
  const { verifyRole } = await import('./rls/verify/verify-role.ts')
  const { minServerPatch, audit } = verify
  const { loginRole, holes } = await verifyRole(reader, {
    tenantColumn: options.tenantColumn,
    minServerPatch,
  })
  if (audit) {
    const { verifyAudit } = await import('./rls/verify/verify-audit.ts')
    const { tenantColumn, tenantSetting, settings } = options
    const own = { appRole: loginRole, tenantColumn, tenantSetting, settings, sources: [] }
    await verifyAudit(reader, { ...own, ...audit })
  }
  if (holes)
    warningEvents.publish(() => ({ warning: 'server-version', detail: holes.cause, cves: holes.cves }))
  return loginRole
}

async function askSessionUser(reader: CatalogClient): Promise<string> {
  const { rows } = await reader.query('select session_user as "user"')
  return (rows as readonly [{ user: string }])[0].user
}

/** @throws {DeadlineError} past the limit, with the connection destroyed: what was sent on it may never be answered */
async function within<T>(
  limitMs: number,
  client: PgClient,
  work: (reader: CatalogClient) => Promise<T>,
): Promise<T> {
  const { connection } = asWireClient(client)
  let isLate = false
  const timer = setTimeout(() => {
    isLate = true
    connection.stream.destroy()
  }, limitMs)
  try {
    return await work(client as unknown as CatalogClient)
  } catch (error) {
    throw isLate ? new DeadlineError(limitMs, 'the check of the login role') : error
  } finally {
    clearTimeout(timer)
  }
}
