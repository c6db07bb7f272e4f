import type { ServerReport } from './examine-server.ts'
import type { MissingFix } from './missing-fixes.ts'
import type { ServerVersion } from './server-version.ts'

/** What is wrong with a server's version, and what to do. */
export interface Explanation {
  readonly message: string
  readonly fix: string
}

/** Explains a hole that is open in a server. */
export function explainMissingFix({ cve, fixedIn }: MissingFix, version: ServerVersion): Explanation {
  return {
    message: `${cve.id} is open in PostgreSQL ${nameVersion(version)}. ${cve.lets}`,
    fix:
      fixedIn === undefined
        ? 'Upgrade to a major release that PostgreSQL supports: this one never got the fix.'
        : `Upgrade to PostgreSQL ${fixedIn} or later; within a major release that takes new binaries and a restart.`,
  }
}

/** Explains why nothing is known of a version, or that its major is mended no more; undefined when neither is so. */
export function explainVersion({ version, major, isSupported }: ServerReport): Explanation | undefined {
  if (version.kind === 'unclear') {
    return {
      message: `Nobody can say from its version which holes in row security this server has: ${version.reason}.`,
      fix: 'Ask whoever builds it for the CVEs of row security that it mends.',
    }
  }
  if (isSupported) return undefined
  return {
    message: `PostgreSQL ${major} is out of support: holes in row security that are found from now on stay open in it.`,
    fix: 'Upgrade to a major release that PostgreSQL supports.',
  }
}

function nameVersion(version: ServerVersion): string {
  return version.kind === 'release' ? `${version.major}.${version.minor}` : (version.major ?? '')
}
