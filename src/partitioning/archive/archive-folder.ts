import { namePart } from './sink/object-name.ts'

/** Where in the sink the objects of a partition are. */
export function archiveFolder({
  table,
  partition,
}: {
  readonly table: string
  readonly partition: string
}): string {
  return `${namePart(table)}/${namePart(partition)}`
}

/** The name of a manifest of a partition, by its hash. */
export function manifestName(
  partition: { readonly table: string; readonly partition: string },
  sha256: string,
): string {
  return `${archiveFolder(partition)}/manifest-${sha256.slice(0, 32)}.json`
}
