import { type Conversion, qualify, referencedTables } from '../convert/conversion.ts'
import { holdsNoRow, raiseUnless } from '../convert/guard.ts'
import type { LedgerNotes } from '../convert/ledger-notes.ts'
import type { LeafShape, TableShape } from '../convert/shape/table-shape.ts'
import { makeMonth } from '../convert/steps/make-month.ts'
import type { Month } from '../months/month.ts'
import type { PartitionStep } from '../plan/step.ts'

/** Drops a DEFAULT partition that holds no row, where the months of now are there; the transaction makes sure that it holds none. */
export function dropDefault(
  conversion: Conversion,
  parent: TableShape,
  { schema, name }: LeafShape,
  empty: readonly Month[],
  ledger: LedgerNotes,
): PartitionStep {
  const from = qualify(schema, name)
  const others = referencedTables(parent)
  const locked = [conversion.object, `${schema}.${name}`, ...others.map(({ object }) => object)]
  return conversion.brief('adopt', 'drop', {
    partition: name,
    purpose: `The DEFAULT partition ${schema}.${name} holds no row, and goes.`,
    locks: locked.map((object) => conversion.lock('ACCESS EXCLUSIVE', object)),
    statements: [
      `lock table only ${conversion.ident} in access exclusive mode;`,
      ...others.map(({ ident }) => `lock table ${ident} in access exclusive mode;`),
      `alter table ${conversion.ident} detach partition ${from};`,
      `alter table ${from} no force row level security;`,
      raiseUnless(holdsNoRow(schema, name), `${schema}.${name} holds rows by now; plan again`),
      `drop table ${from};`,
      ...empty.flatMap((month) => makeMonth(conversion, parent, month)),
      ...empty.flatMap((month) => ledger.month(month)),
    ],
  })
}
