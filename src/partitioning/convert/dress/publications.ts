import { quoteName } from '../../../rls/sql/quote.ts'
import type { PublicationShape } from '../shape/table-shape.ts'

/** Takes a table out of the publications that name it. */
export function leavePublications(
  ident: string,
  publications: readonly PublicationShape[],
): readonly string[] {
  return named(publications).map(({ name }) => `alter publication ${quoteName(name)} drop table ${ident};`)
}

/** Puts a table into them, with the same columns and filter. */
export function joinPublications(
  ident: string,
  publications: readonly PublicationShape[],
): readonly string[] {
  return named(publications).map(({ name, columns, filter }) => {
    const list = columns ? ` (${columns.map(quoteName).join(', ')})` : ''
    const where = filter ? ` where (${filter})` : ''
    return `alter publication ${quoteName(name)} add table ${ident}${list}${where};`
  })
}

function named(publications: readonly PublicationShape[]): readonly PublicationShape[] {
  return publications.filter(({ isNamed }) => isNamed)
}
