import { quoteName } from '../../../rls/sql/quote.ts'
import type { PartitionStep, Phase } from '../../plan/step.ts'
import type { Conversion } from '../conversion.ts'

/** The schema of the partitions, of which the application has no USAGE. */
export function makeSchema(conversion: Conversion, phase: Phase, owner: string): readonly PartitionStep[] {
  const schema = quoteName(conversion.set.partsSchema)
  return [
    conversion.brief(phase, 'schema', {
      purpose: 'Partitions live in a schema that nobody but their owner can use.',
      statements: [`create schema if not exists ${schema} authorization ${quoteName(owner)};`],
      locks: [],
    }),
  ]
}
