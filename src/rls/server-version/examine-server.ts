import { type MissingFix, missingFixes } from './missing-fixes.ts'
import { fromVersionNumber, parseServerVersion, type ServerVersion } from './server-version.ts'
import { isSupported } from './support.ts'

/** What a server says of its version. */
export interface ServerIdentity {
  /** `server_version`, with whatever its packager adds. */
  readonly version: string
  /** `server_version_num`. */
  readonly versionNumber: number
}

/** What is known of a server from its version alone. */
export interface ServerReport {
  readonly version: ServerVersion
  /** Its major, such as `18`. */
  readonly major: string
  /** The holes that are open in it; none where its version is unclear. */
  readonly missing: readonly MissingFix[]
  /** Whether PostgreSQL still mends its major. */
  readonly isSupported: boolean
}

/**
 * Says which holes in row security a server has.
 *
 * @param now by which it is judged whether the major is out of support
 */
export function examineServer({ version: text, versionNumber }: ServerIdentity, now: Date): ServerReport {
  const named = parseServerVersion(text)
  const numbered = fromVersionNumber(versionNumber)
  const agrees =
    named.kind === 'unclear' || (named.major === numbered.major && named.minor === numbered.minor)
  const version: ServerVersion = agrees
    ? named
    : { kind: 'unclear', major: numbered.major, reason: `its number is ${versionNumber}` }
  return {
    version,
    major: numbered.major,
    missing: version.kind === 'release' ? missingFixes(version) : [],
    isSupported: isSupported(numbered.major, now),
  }
}
