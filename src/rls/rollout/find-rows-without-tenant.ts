import { isServerError } from '../../errors/server-error.ts'
import type { CatalogClient } from '../catalog/catalog-client.ts'
import type { PolicyPlan } from '../policy/policy-plan.ts'
import type { PolicyProblem } from '../policy/schema-refused-error.ts'
import type { RolloutLimits } from './rollout-limits.ts'

const INSUFFICIENT_PRIVILEGE = '42501'

/**
 * Tables in which rows have no tenant. Whose they are only the application knows, so that nothing is begun before they are
 * filled.
 */
export async function findRowsWithoutTenant(
  client: CatalogClient,
  { chosen }: PolicyPlan,
  { longTimeoutMs }: RolloutLimits,
): Promise<readonly PolicyProblem[]> {
  const problems: PolicyProblem[] = []
  for (const { table, tenant } of chosen.tenants.filter((target) => !target.tenant.notNull)) {
    if (await hasNull(client, `${table.ident} where ${tenant.ident} is null`, longTimeoutMs)) {
      problems.push({
        object: table.object,
        message: `There are rows whose ${tenant.name} is NULL.`,
        fix: 'Fill it, in batches while the table is in use, then run this again.',
      })
    }
  }
  return problems
}

async function hasNull(client: CatalogClient, from: string, timeoutMs: number): Promise<boolean> {
  // Off, so that policies which are there already end in an error instead of hiding rows.
  await client.query(`set lock_timeout = 0; set statement_timeout = ${timeoutMs}; set row_security = off`)
  try {
    const { rows } = await client.query(`select from ${from} limit 1`)
    return rows.length > 0
  } catch (error) {
    // They hold for whoever runs this. Validating does not ask them, and will tell.
    if (isServerError(error) && error.code === INSUFFICIENT_PRIVILEGE) return false
    throw error
  }
}
