import type { TableShape } from './shape/table-shape.ts'

const PREFIX = 'leasehold convert '

/** What a conversion takes away and only its undoing needs to know; it stands in the comment on the old table. */
export interface ConvertMarker {
  /** The definition of the old primary key, where the conversion changed it. */
  readonly primaryKey?: string
}

/** The comment. */
export function markerText(marker: ConvertMarker): string {
  return PREFIX + JSON.stringify(marker)
}

/** Finds the partition that was the table before it was converted. */
export function findLegacy(
  shape: TableShape,
): { readonly leaf: TableShape['leaves'][number]; readonly marker: ConvertMarker } | undefined {
  for (const leaf of shape.leaves) {
    if (!leaf.comment?.startsWith(PREFIX)) continue
    return { leaf, marker: JSON.parse(leaf.comment.slice(PREFIX.length)) as ConvertMarker }
  }
  return undefined
}
