import { quoteName, quoteText } from '../../../rls/sql/quote.ts'
import type { TableShape } from '../shape/table-shape.ts'

/** The comments on a table and on what LIKE does not copy. */
export function comments(schema: string, ident: string, shape: TableShape): readonly string[] {
  const inSchema = (name: string) => `${quoteName(schema)}.${quoteName(name)}`
  const onTable = (name: string) => `${quoteName(name)} on ${ident}`
  const { constraints, indexes, policies, triggers, statistics } = shape
  return [
    ...comment('table', ident, shape.comment),
    ...constraints.flatMap((each) => [
      ...comment('constraint', onTable(each.name), each.comment),
      ...comment('index', inSchema(each.name), each.indexComment, each.kind !== 'f'),
    ]),
    ...indexes.flatMap((each) => comment('index', inSchema(each.name), each.comment)),
    ...policies.flatMap((each) => comment('policy', onTable(each.name), each.comment)),
    ...triggers.flatMap((each) => comment('trigger', onTable(each.name), each.comment)),
    ...statistics.flatMap((each) =>
      comment('statistics', `${quoteName(each.schema)}.${quoteName(each.name)}`, each.comment),
    ),
  ]
}

function comment(kind: string, ident: string, text: string | null, applies = true): readonly string[] {
  return text === null || !applies ? [] : [`comment on ${kind} ${ident} is ${quoteText(text)};`]
}
