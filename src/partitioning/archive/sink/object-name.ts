import { ArchiveError } from '../archive-error.ts'

const NAME = /^(?!\.)[A-Za-z0-9._-]+(?:\/(?!\.)[A-Za-z0-9._-]+)*$/

/** Makes a part of an object's name of any name of PostgreSQL: what is not a plain letter or digit becomes its code. */
export function namePart(name: string): string {
  return name
    .replaceAll(/[^A-Za-z0-9.-]/gu, (char) => (char === '_' ? '_' : `_${char.codePointAt(0)?.toString(16)}_`))
    .replace(/^\./, '_2e_')
}

/**
 * Makes sure that a name, which may come out of a manifest, leads nowhere but into the sink.
 *
 * @throws {ArchiveError} `manifest`
 */
export function checkObjectName(name: string): string {
  if (NAME.test(name)) return name
  throw new ArchiveError(
    'manifest',
    'The name of an object in an archive is not one that leasehold gives, and may lead out of the sink; it was not followed.',
  )
}
