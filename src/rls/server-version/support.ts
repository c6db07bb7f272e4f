import { majorOrder } from './server-version.ts'

/**
 * The day of each major's last release.
 *
 * @see https://www.postgresql.org/support/versioning/
 */
const LAST_RELEASES: Readonly<Record<string, string>> = {
  '14': '2026-11-12',
  '15': '2027-11-11',
  '16': '2028-11-09',
  '17': '2029-11-08',
  '18': '2030-11-14',
}

const OLDEST = Math.min(...Object.keys(LAST_RELEASES).map(majorOrder))

/** Whether PostgreSQL still mends this major. Of those newer than the table it is taken to. */
export function isSupported(major: string, now: Date): boolean {
  const last = LAST_RELEASES[major]
  if (last === undefined) return majorOrder(major) > OLDEST
  return now.getTime() <= Date.parse(`${last}T23:59:59Z`)
}
