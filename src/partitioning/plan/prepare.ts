import { quoteName } from '../../rls/sql/quote.ts'
import type { PartitionCatalog } from '../catalog/partition-catalog.ts'
import { roleIdent } from '../check/relation-name.ts'
import type { PartitionSet } from '../definition/partition-options.ts'
import { ledgerTable } from '../ledger/ledger-table.ts'
import type { PartitionStep } from './step.ts'
import type { TablePlanning } from './table-planning.ts'

/** Makes what every run needs, once, and closes the schemas of partitions again where somebody has opened them. */
export function planPrepare(
  set: PartitionSet,
  catalog: PartitionCatalog,
  tables: readonly TablePlanning[],
): readonly PartitionStep[] {
  const [first] = tables
  if (!first) return []
  const { owner } = first.parent
  const { prepared } = catalog
  const schema = (name: string, purpose: string): PartitionStep =>
    prepareStep(first, name, 'schema', {
      purpose,
      // A schema is granted to nobody when it is made.
      statements: [`create schema ${quoteName(name)} authorization ${quoteName(owner)};`],
    })
  const opened = catalog.schemas.filter(
    ({ name, grantees }) => grantees.length > 0 && (name === set.partsSchema || name === set.detachedSchema),
  )
  return [
    ...(prepared.partsSchema
      ? []
      : [schema(set.partsSchema, 'Partitions lie in a schema that nobody but their owner can use.')]),
    ...(prepared.detachedSchema
      ? []
      : [
          schema(
            set.detachedSchema,
            'Detached partitions wait in a schema that nobody but their owner can use.',
          ),
        ]),
    ...(prepared.ledger
      ? []
      : [
          prepareStep(first, 'leasehold.partition_ledger', 'ledger', {
            purpose: 'The ledger notes what was meant with each partition, and why one may be dropped.',
            statements: ledgerTable(owner),
          }),
        ]),
    ...opened.map(({ name, grantees }) =>
      prepareStep(first, name, 'revoke', {
        purpose: 'Takes the schema back from those who could name the partitions in it.',
        statements: grantees.map(
          (role) => `revoke all on schema ${quoteName(name)} from ${roleIdent(role)} cascade;`,
        ),
      }),
    ),
  ]
}

function prepareStep(
  first: TablePlanning,
  subject: string,
  name: string,
  { purpose, statements }: Pick<PartitionStep, 'purpose' | 'statements'>,
): PartitionStep {
  const step = first.step('prepare', subject, name, { purpose, statements, locks: [] })
  const chain = `prepare/${subject}`
  return { ...step, id: `${chain}/${name}`, chain }
}
