import { createContextStatements } from '../../../src/context/context-statement.ts'
import type { SessionBaseline } from '../../../src/context/session-baseline.ts'
import { uuid } from '../../../src/context/tenant-id.ts'
import { READ } from '../../patients/statements.ts'
import { PATIENTS_PER_TENANT, tenantId } from '../../topology/schema.ts'

/** What pgbench is given. */
export interface PgbenchScript {
  readonly text: string
  /** The same statements, one after the other, for pgbench looks at rows only there; it fails at any other row than the one asked for. */
  readonly verifying: string
  /** For `--define`. */
  readonly variables: Readonly<Record<string, string>>
}

const TIMEOUT_MS = 29_950

/** Where the digits that differ between tenants begin. */
const PREFIX = tenantId(0).slice(0, -2)

/**
 * One read as leasehold sends it: the context statement that ships and the caller's statement, with one Sync behind both.
 *
 * pgbench computes with numbers only, so the server puts the tenant's id together, of two digits that are hexadecimal to it and
 * decimal to pgbench: tenants 16 to 153. It takes every `:name` for a variable, also within quotes, so what the guard would
 * say of a poisoned session has no colon here.
 */
export function pgbenchScript({ currentUser, settings }: SessionBaseline): PgbenchScript {
  const { text, values } = createContextStatements('app.tenant_id', []).compose(
    { tenant: uuid(tenantId(0)), settings: [], readOnly: true },
    { currentUser, settings },
    TIMEOUT_MS,
  )
  const [user = '', atConnect = '', , , timeout = ''] = values
  const named = [
    ':db_user',
    ':at_connect',
    ':nonce',
    `pg_catalog.textcat('${PREFIX}',:tenant_digits)`,
    ':timeout_text',
  ]
  const context = text
    .replaceAll(/:(?=[a-z])(?<!::)/g, '-')
    .replaceAll(/\$([1-5])/g, (_, position: string) => named[Number(position) - 1] ?? '')
  const choice = [
    '\\set tenant_digits random(10, 99)',
    '\\set tenant :tenant_digits / 10 * 16 + :tenant_digits % 10',
    `\\set patient (:tenant - 1) * ${PATIENTS_PER_TENANT} + random(1, ${PATIENTS_PER_TENANT})`,
    '\\set nonce random(1, 1000000000000)',
  ]
  const read = READ.text.replace('$1', ':patient')
  const pipeline = ['\\startpipeline', `${context};`, `${read};`, '\\endpipeline']
  const verification = [
    'begin;',
    `${context};`,
    // Fails unless it is exactly one row.
    `${read} \\gset found_`,
    'commit;',
    '\\set right 1 / (case when :found_id = :patient then 1 else 0 end)',
  ]
  return {
    text: script(choice, pipeline),
    verifying: script(choice, verification),
    variables: { db_user: user, at_connect: atConnect, timeout_text: timeout },
  }
}

function script(...parts: readonly (readonly string[])[]): string {
  return `${parts.flat().join('\n')}\n`
}
