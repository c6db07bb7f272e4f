/** A release of PostgreSQL that says of itself which minor it is. */
export interface ReleasedVersion {
  readonly kind: 'release'
  /** `18`, or `9.6` before PostgreSQL 10. */
  readonly major: string
  readonly minor: number
}

/** A version of which nobody can say from its name what was mended in it. */
export interface UnclearVersion {
  readonly kind: 'unclear'
  /** Where the text shows it. */
  readonly major: string | undefined
  /** Why, as a part of a sentence. */
  readonly reason: string
}

export type ServerVersion = ReleasedVersion | UnclearVersion

/** The text must begin so; what follows may be the packager's, such as ` (Debian 15.18-1.pgdg120+1)`. */
const RELEASE =
  /^(?:(?<major>[1-9]\d)\.(?<minor>\d{1,2})|(?<oldMajor>9\.\d)\.(?<oldMinor>\d{1,2}))(?<rest>.*)$/s
const PRE_RELEASE = /^(?<major>\d{1,2}(?:\.\d)?)(?<stage>devel|alpha\d*|beta\d*|rc\d*)\b/
const CLOUD_SQL = /^POSTGRES_(?<major>\d{1,2})_(?<minor>\d{1,2})(?=\.R|$)/
/** The third number is the vendor's: EDB's 16.4.1, Aurora's 16.4.2. */
const VENDOR_PATCH = /^\.\d+(?!\S)/
/** An RDS build of the same minor. */
const RDS_REVISION = /^-R\d+(?!\S)/
/** After its end of life RDS mends a major by itself, in releases that carry a date in place of a minor. */
const EXTENDED_SUPPORT = /^-rds\.\d+/i

/**
 * Reads a version as servers and managed services write it: `server_version`, `version()` from its number on, the
 * API's engine version of RDS and Cloud SQL, and `aurora_version()`. What cannot be read is said and not guessed.
 */
export function parseServerVersion(text: string): ServerVersion {
  const trimmed = text.trim().replace(/^(?:PostgreSQL|EnterpriseDB) /, '')
  const preRelease = PRE_RELEASE.exec(trimmed)?.groups
  if (preRelease) return unclear(`it is a pre-release (${preRelease.stage})`, preRelease.major)
  const cloudSql = CLOUD_SQL.exec(trimmed)?.groups
  if (cloudSql) return release(cloudSql.major, cloudSql.minor)
  const found = RELEASE.exec(trimmed)?.groups
  if (!found) return unclear('it names no minor release of PostgreSQL')
  const major = found.major ?? found.oldMajor
  const rest = found.rest ?? ''
  if (EXTENDED_SUPPORT.test(rest))
    return unclear('it is of RDS Extended Support, which mends by itself', major)
  if (rest !== '' && !/^\s/.test(rest) && !VENDOR_PATCH.test(rest) && !RDS_REVISION.test(rest)) {
    return unclear('it is not numbered as PostgreSQL is', major)
  }
  return release(major, found.minor ?? found.oldMinor)
}

/**
 * Reads `server_version_num`, such as 180004 or 90613. It shows no pre-releases: 190000 is 19.0, and each beta before
 * it.
 *
 * @see https://www.postgresql.org/docs/current/libpq-status.html#LIBPQ-PQSERVERVERSION
 */
export function fromVersionNumber(number: number): ReleasedVersion {
  if (number >= 100_000) {
    return { kind: 'release', major: String(Math.floor(number / 10_000)), minor: number % 10_000 }
  }
  const major = `${Math.floor(number / 10_000)}.${Math.floor(number / 100) % 100}`
  return { kind: 'release', major, minor: number % 100 }
}

/** A number by which majors compare: `9.6` lies below `10`. */
export function majorOrder(major: string): number {
  return Number(major)
}

function release(major = '', minor = ''): ReleasedVersion {
  return { kind: 'release', major, minor: Number(minor) }
}

function unclear(reason: string, major?: string): UnclearVersion {
  return { kind: 'unclear', major, reason }
}
