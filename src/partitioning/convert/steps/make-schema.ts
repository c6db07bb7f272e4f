import { quoteName, quoteText } from '../../../rls/sql/quote.ts'
import type { PartitionStep, Phase } from '../../plan/step.ts'
import type { Conversion } from '../conversion.ts'

/**
 * The schema of the partitions, of which the application has no USAGE. CREATE SCHEMA IF NOT EXISTS asks for CREATE on the database also where it
 * exists, which the job need not have then.
 */
export function makeSchema(conversion: Conversion, phase: Phase, owner: string): readonly PartitionStep[] {
  const schema = quoteName(conversion.set.partsSchema)
  return [
    conversion.brief(phase, 'schema', {
      purpose: 'Partitions live in a schema that nobody but their owner can use.',
      statements: [
        `do $leasehold$ begin if not exists (select from pg_catalog.pg_namespace where nspname = ${quoteText(conversion.set.partsSchema)}) then create schema ${schema} authorization ${quoteName(owner)}; end if; end $leasehold$;`,
      ],
      locks: [],
    }),
  ]
}
