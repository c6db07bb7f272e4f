import { quoteText } from '../sql/quote.ts'
import type { ColumnDescription } from './describe/schema-description.ts'

/** Types for which equality is leakproof, so that an index serves under row security, and that read from a setting's text. */
const TYPES: readonly string[] = ['uuid', 'bigint', 'integer', 'smallint', 'text', 'character varying']
const TEXTS: readonly string[] = ['text', 'character varying']

/** SQL, and how PostgreSQL prints it once it is stored. */
export interface StoredExpression {
  readonly sql: string
  readonly printed: string
}

export function canHoldSetting({ baseType }: ColumnDescription): boolean {
  return TYPES.includes(baseType)
}

/**
 * The value of a setting as a column's default. The setting is NULL on a fresh session and '' after its first transaction,
 * and '' is no uuid and no number.
 */
export function settingDefault(setting: string, column: ColumnDescription): StoredExpression {
  return settingAs(setting, column.domain ? column.type : column.baseType)
}

/** Whether a row's column is the value of a setting, which `(select …)` looks up once for a statement and not for each row. */
export function equalsSetting(setting: string, column: ColumnDescription): StoredExpression {
  const { sql, printed } = settingAs(setting, column.baseType)
  const isText = TEXTS.includes(column.baseType)
  const compared = isText ? 'text' : column.baseType
  const left =
    column.domain || (isText && column.baseType !== 'text') ? `(${column.ident})::${compared}` : column.ident
  return {
    sql: `${column.ident} = (select ${sql})`,
    printed: `(${left} = ( SELECT ${printed} AS "nullif"))`,
  }
}

function settingAs(setting: string, type: string): StoredExpression {
  const name = quoteText(setting)
  const printed = `NULLIF(current_setting(${name}::text, true), ''::text)`
  const sql = `nullif(current_setting(${name}, true), '')`
  return TEXTS.includes(type)
    ? { sql, printed }
    : { sql: `${sql}::${type}`, printed: `(${printed})::${type}` }
}
