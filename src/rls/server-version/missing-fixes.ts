import { ROW_SECURITY_CVES, type RowSecurityCve } from './cves.ts'
import { fromVersionNumber, majorOrder, parseServerVersion, type ReleasedVersion } from './server-version.ts'

/** A hole that is open in a server. */
export interface MissingFix {
  readonly cve: RowSecurityCve
  /** The release of the server's own major that closes it; undefined when that major was out of support before. */
  readonly fixedIn: string | undefined
}

/**
 * The holes that are open in a version, the newest first.
 *
 * A major that came after all those that a record names was born with the fix. One that came before them and is not
 * named was out of support, and never got it.
 *
 * @param version `server_version_num`, or what {@link parseServerVersion} read
 */
export function missingFixes(version: number | ReleasedVersion): readonly MissingFix[] {
  const { major, minor } = typeof version === 'number' ? fromVersionNumber(version) : version
  return ROW_SECURITY_CVES.flatMap((cve): readonly MissingFix[] => {
    const fixes = cve.fixedIn.map((text) => ({ text, ...readFix(text) }))
    const own = fixes.find((fix) => fix.major === major)
    if (own) return minor < own.minor ? [{ cve, fixedIn: own.text }] : []
    const order = majorOrder(major)
    const isOlder = fixes.every((fix) => order < majorOrder(fix.major))
    return isOlder && order >= majorOrder(cve.since ?? '9.5') ? [{ cve, fixedIn: undefined }] : []
  })
}

function readFix(text: string): ReleasedVersion {
  const version = parseServerVersion(text)
  if (version.kind !== 'release') throw new RangeError(`${text} is no release.`)
  return version
}
