import type { ChosenTables } from '../choose-tables.ts'
import type { PolicyOptions } from '../policy-options.ts'
import type { PolicyProblem } from '../schema-refused-error.ts'
import { canHoldSetting } from '../setting-value.ts'

/** Columns that a further setting cannot be compared with. */
export function settingProblems(
  { settings = [] }: PolicyOptions,
  { tenants }: ChosenTables,
): readonly PolicyProblem[] {
  return settings.flatMap(({ setting, column: name, tables }) =>
    tenants
      .map(({ table }) => table)
      .filter(({ object }) => tables?.includes(object) ?? true)
      .flatMap(({ object, columns }) => {
        const column = columns.find((candidate) => candidate.name === name)
        if (column && canHoldSetting(column)) return []
        if (!column && !tables) return []
        const message = column
          ? `The column ${name} has the type ${column.type}, which cannot be compared with ${setting}.`
          : `The table has no column ${name} to be compared with ${setting}.`
        return [{ object, message, fix: 'Correct the setting’s column or tables.' }]
      }),
  )
}
