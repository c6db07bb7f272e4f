import { quoteName, quoteText } from '../../../rls/sql/quote.ts'
import type { Conversion } from '../conversion.ts'
import { qualify } from '../conversion.ts'
import { grantsOn } from '../dress/grants.ts'
import type { IdentityShape, TableShape } from '../shape/table-shape.ts'

/**
 * Makes the partitioned table under the name that the old one had. LIKE copies columns, defaults, checks, generated columns, storage,
 * compression and comments on columns; everything else is made from its description.
 */
export function makeParent(conversion: Conversion, shape: TableShape): readonly string[] {
  const { ident, legacyIdent, table, checkName } = conversion
  const tablespace = shape.tablespace === null ? '' : ` tablespace ${quoteName(shape.tablespace)}`
  return [
    `create table ${ident} (like ${legacyIdent} including defaults including generated including constraints including storage including compression including comments) partition by range (${quoteName(table.key)})${tablespace};`,
    `alter table ${ident} drop constraint ${quoteName(checkName)};`,
    `alter table ${ident} owner to ${quoteName(shape.owner)};`,
    ...shape.columns.flatMap(({ name, target, options }) => [
      ...(target === null
        ? []
        : [`alter table ${ident} alter column ${quoteName(name)} set statistics ${target};`]),
      ...(options.length === 0
        ? []
        : [`alter table ${ident} alter column ${quoteName(name)} set (${optionList(options)});`]),
    ]),
  ]
}

/** Options such as `fillfactor=70` for SQL. */
export function optionList(options: readonly string[]): string {
  return options
    .map((option) => {
      const at = option.indexOf('=')
      return `${option.slice(0, at)} = ${quoteText(option.slice(at + 1))}`
    })
    .join(', ')
}

/**
 * Moves an identity from one table to the other: PostgreSQL gives the sequence of an identity to no other table, and attaches no
 * table that has an identity (since 17). The numbers go on where they stood.
 */
export function moveIdentity(
  identity: IdentityShape,
  move: {
    readonly from: string
    readonly fromSequence: string
    readonly to: string
    readonly schema: string
  },
): readonly string[] {
  const column = quoteName(identity.column)
  const sequence = qualify(move.schema, identity.sequenceName)
  return [
    `alter table ${move.to} alter column ${column} add generated ${identity.always ? 'always' : 'by default'} as identity (sequence name ${sequence} ${identity.parameters});`,
    `select pg_catalog.setval(${quoteText(sequence)}, last_value, is_called) from ${move.fromSequence};`,
    ...grantsOn(`sequence ${sequence}`, identity.grants),
    `alter table ${move.from} alter column ${column} drop identity;`,
  ]
}

/** Keys, foreign keys, indexes and statistics of a table without rows, under the names that they had. */
export function makeKeys(
  ident: string,
  shape: TableShape,
  primaryKey: string | undefined,
): readonly string[] {
  return [
    ...shape.constraints.flatMap(({ name, kind, definition }) => {
      if (kind !== 'p' && kind !== 'u' && kind !== 'f') return []
      const text = kind === 'p' && primaryKey ? primaryKey : definition
      return [`alter table ${ident} add constraint ${quoteName(name)} ${text};`]
    }),
    ...shape.indexes.map(({ definition }) => `${definition};`),
  ]
}

/** Statistics on several columns; their names stand in a schema of their own choice. */
export function makeStatistics(statistics: TableShape['statistics']): readonly string[] {
  return statistics.flatMap(({ schema, name, owner, definition, target }) => [
    `${definition};`,
    `alter statistics ${qualify(schema, name)} owner to ${quoteName(owner)};`,
    ...(target === null ? [] : [`alter statistics ${qualify(schema, name)} set statistics ${target};`]),
  ])
}
