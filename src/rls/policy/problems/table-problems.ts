import type { ChosenTables, TenantTable } from '../choose-tables.ts'
import { chosenSchemas } from '../choose-tables.ts'
import type { SchemaDescription } from '../describe/schema-description.ts'
import type { PolicyOptions } from '../policy-options.ts'
import type { PolicyProblem } from '../schema-refused-error.ts'
import { canHoldSetting } from '../setting-value.ts'

/** What is the matter with tables themselves, and with their names in the options. */
export function tableProblems(
  schema: SchemaDescription,
  options: PolicyOptions,
  { tenants, undeclared }: ChosenTables,
): readonly PolicyProblem[] {
  return [
    ...unknownNames(schema, options),
    ...undeclared.map(({ object }) => ({
      object,
      message: `The table has no column ${options.tenantColumn}.`,
      fix:
        'Declare it shared, if it belongs to no tenant and all may read it; or internal, if the application does not use ' +
        'it; or name its tenant column in tenantColumns; or give it one and fill it.',
    })),
    ...tenants.flatMap(tenantColumnProblems),
  ]
}

function unknownNames(schema: SchemaDescription, options: PolicyOptions): PolicyProblem[] {
  const {
    tables = [],
    shared = [],
    internal = [],
    settings = [],
    privileges = {},
    tenantColumns = {},
  } = options
  const byObject = new Map(schema.tables.map((table) => [table.object, table]))
  const named = new Set([
    ...[...tables, ...shared, ...internal, ...settings.flatMap((setting) => setting.tables ?? [])],
    ...[...Object.keys(privileges), ...Object.keys(tenantColumns)],
  ])
  const missingTables = [...named]
    .filter((object) => !byObject.has(object))
    .map((object) => ({
      object,
      message: 'There is no such table.',
      fix: 'Name tables as schema.table, in the letters that they have in the catalogs, without quotes.',
    }))
  const partitions = [...tables, ...shared, ...internal].flatMap((object) => {
    const root = byObject.get(object)?.root
    const fix = `Name ${root} instead: its partitions follow it.`
    return root ? [{ object, message: `The table is a partition of ${root}.`, fix }] : []
  })
  const schemas = chosenSchemas(options)
    .filter((name) => !schema.schemas.some((known) => known.name === name))
    .map((object) => ({ object, message: 'There is no such schema.', fix: 'Correct its name.' }))
  const twice = shared
    .filter((object) => internal.includes(object))
    .map((object) => ({ object, message: 'It is declared both shared and internal.', fix: 'Choose one.' }))
  return [...missingTables, ...partitions, ...schemas, ...twice]
}

function tenantColumnProblems({ table: { object }, tenant, isTenant }: TenantTable): PolicyProblem[] {
  if (!canHoldSetting(tenant)) {
    return [
      {
        object,
        message: `Its tenant column ${tenant.name} has the type ${tenant.type}, with which no index would serve under row security, or which no setting can hold.`,
        fix: 'Give it one of uuid, bigint, integer, smallint, text and varchar.',
      },
    ]
  }
  if (tenant.generated && !isTenant) {
    return [
      {
        object,
        message: `Its tenant column ${tenant.name} is generated, so that it cannot be taken from the setting.`,
        fix: 'Make it an ordinary column.',
      },
    ]
  }
  return []
}
