import { readCatalog } from '../../../../src/partitioning/catalog/read-catalog.ts'
import { planPartitions } from '../../../../src/partitioning/plan/plan-partitions.ts'
import type { PartitionStep } from '../../../../src/partitioning/plan/step.ts'
import {
  type ApplyOptions,
  applyPlan,
  type PartitionReport,
} from '../../../../src/partitioning/run/apply-plan.ts'
import type { CatalogClient } from '../../../../src/rls/catalog/catalog-client.ts'
import type { EventsDatabase } from './events-database.ts'

/** Plans, and runs the plan. */
export async function runOnce(
  { set }: EventsDatabase,
  client: CatalogClient,
  options: ApplyOptions = {},
): Promise<PartitionReport> {
  return applyPlan(planPartitions(set, await readCatalog(client, set)), client, options)
}

/** The ends of the ids of steps: `retire/2026-05/detach`. */
export function shortIds(steps: readonly { readonly step: PartitionStep }[]): readonly string[] {
  return steps.map(({ step }) => step.id.replace('public.events/', ''))
}

/** A step by hand. */
export function stepOf(id: string, change: Partial<PartitionStep> = {}): PartitionStep {
  return {
    id,
    phase: 'premake',
    table: 'public.events',
    partition: undefined,
    purpose: 'A test.',
    kind: 'transaction',
    statements: ['select 1;'],
    locks: [],
    lockTimeoutMs: 50,
    chain: id,
    ...change,
  }
}
