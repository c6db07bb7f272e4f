import { always, FAILS, type Possible } from './possible.ts'
import { TYPE } from './read-constant.ts'

/** OIDs of types that read no value from an empty text: json, jsonb, floats, dates, times, inet, and arrays of usual types. */
const NEVER_EMPTY: ReadonlySet<number> = new Set([
  114, 3802, 700, 701, 1082, 1083, 1114, 1184, 1186, 1266, 869, 2951, 1009, 1015, 1007, 1016,
])
const BOOLEANS: readonly (readonly [string, 't' | 'f'])[] = [
  ['true', 't'],
  ['yes', 't'],
  ['false', 'f'],
  ['no', 'f'],
]

/** What a text is as a value of a type, as the type's input function reads it. */
export function castText(type: number, text: string): Possible {
  switch (type) {
    case TYPE.text:
    case TYPE.varchar:
    case TYPE.character:
    case TYPE.name:
      return always(text)
    case TYPE.uuid:
      return castUuid(text)
    case TYPE.smallint:
    case TYPE.integer:
    case TYPE.bigint:
    case TYPE.numeric:
      return castNumber(text)
    case TYPE.boolean:
      return castBoolean(text.trim().toLowerCase())
    default:
      return text === '' && NEVER_EMPTY.has(type) ? always(FAILS) : undefined
  }
}

/** `uuid_in` takes braces around, and hyphens behind each group of four digits or none. */
function castUuid(text: string): Possible {
  const digits = text
    .replace(/^\{(.*)\}$/s, '$1')
    .replaceAll('-', '')
    .toLowerCase()
  if (!/^[0-9a-f]{32}$/.test(digits)) return always(FAILS)
  return always(digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'))
}

function castNumber(text: string): Possible {
  if (/^\s*[+-]?\d+\s*$/.test(text)) return always(String(BigInt(text.trim().replace(/^\+/, ''))))
  // Fractions, exponents, other bases and underscores are read by some types and versions only.
  const isNumber = /^\s*[+-]?(?:0[xob][\da-f_]+|\.?\d[\d_.]*(?:e[+-]?\d+)?|nan|inf|infinity)\s*$/i.test(text)
  return isNumber ? undefined : always(FAILS)
}

/** `parse_bool`: any beginning of a word that means one thing only. */
function castBoolean(text: string): Possible {
  if (['on', '1'].includes(text)) return always('t')
  if (['of', 'off', '0'].includes(text)) return always('f')
  const word = text === '' ? undefined : BOOLEANS.find(([whole]) => whole.startsWith(text))
  return always(word ? word[1] : FAILS)
}
