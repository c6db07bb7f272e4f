import type { FieldDescription, ResultBuilder, TypeParsers } from './pg-internals.ts'

/** What pg's result works out from the columns of a statement. */
interface RowShape {
  readonly names: readonly string[]
  readonly parsers: ResultBuilder['_parsers']
  readonly template: ResultBuilder['_prebuiltEmptyResultObject']
}

/** Shapes that are remembered; those of the texts that came first are forgotten first. */
const LIMIT = 1_000

/** A longer text is most likely built for one use, and is not worth its memory. */
const LONGEST_TEXT = 8_192

const shapes = new Map<string, RowShape>()

/**
 * Tells a result its columns, as its own `addFields` does, which looks up a parser for each and builds a row to copy. Both
 * are taken from the reply before, where columns and parsers are still the same.
 *
 * @param text of the statement
 * @param types the parsers that hold for it
 */
export function addColumns(
  result: ResultBuilder,
  text: string,
  fields: readonly FieldDescription[],
  types: TypeParsers,
): void {
  const known = shapes.get(text)
  if (known && fits(known, fields, types)) {
    result.fields = fields
    result._parsers = known.parsers
    result._prebuiltEmptyResultObject = known.template
    return
  }
  result.addFields(fields)
  if (text.length > LONGEST_TEXT) return
  const names = fields.map(({ name }) => name)
  shapes.set(text, { names, parsers: result._parsers, template: result._prebuiltEmptyResultObject })
  if (shapes.size <= LIMIT) return
  const [oldest] = shapes.keys()
  if (oldest !== undefined) shapes.delete(oldest)
}

/** The parser of a column stands for its type and format. */
function fits(
  { names, parsers }: RowShape,
  fields: readonly FieldDescription[],
  types: TypeParsers,
): boolean {
  if (!parsers || names.length !== fields.length) return false
  for (let index = 0; index < fields.length; index += 1) {
    const field = fields[index]
    if (!field || names[index] !== field.name) return false
    if (types.getTypeParser(field.dataTypeID, field.format) !== parsers[index]) return false
  }
  return true
}
