import type { CatalogClient } from '../catalog/catalog-client.ts'
import { describeSchema } from './describe/describe-schema.ts'
import type { PolicyOptions } from './policy-options.ts'
import { planPolicy } from './policy-plan.ts'
import type { PolicyStatement } from './policy-statement.ts'
import { policyStatements } from './policy-statements.ts'

/**
 * Compares a database with what it should be, and says by which statements it becomes so: none for one that is right
 * already. They are meant for one transaction, in their order. To run them twice changes nothing the second time. Nothing
 * but the catalogs is read, and nothing is written.
 *
 * @param client in a transaction, best one that is read only and repeatable read; its search_path is changed until its end
 * @throws {SchemaRefusedError} when something cannot be made right without its owner's word
 * @throws {ConfigError} when the role does not exist, or an option is no name of a setting
 */
export async function generatePolicy(
  client: CatalogClient,
  options: PolicyOptions,
): Promise<readonly PolicyStatement[]> {
  return policyStatements(planPolicy(await describeSchema(client, options), options))
}
