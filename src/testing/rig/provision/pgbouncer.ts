import { findProgram } from './find-program.ts'
import type { Program } from './program.ts'

/** `1.18`: exactly 1.18, which lacks prepared statements in transaction pooling; `1.24`: that or later. */
export type PgbouncerVersion = '1.18' | '1.24'

/** The Debian releases that carry each. */
const releases = { '1.18': 'bookworm', '1.24': 'trixie' } as const

/**
 * Finds pgbouncer, or downloads it.
 *
 * @throws {RigProvisionError} with what to install.
 */
export function pgbouncerProgram(version: PgbouncerVersion): Promise<Program> {
  return findProgram({
    kind: {
      name: 'pgbouncer',
      versionPattern: /^PgBouncer (\d+\.\d+\.\d+)/m,
      fits: (found) => (version === '1.18' ? found.startsWith('1.18.') : minor(found) >= 24),
    },
    folderName: `pgbouncer-${version}`,
    debian: { packageName: 'pgbouncer', path: 'usr/sbin/pgbouncer', release: releases[version] },
    advice: `Install pgbouncer ${version === '1.18' ? '1.18' : '1.24 or later'} where PATH finds it.`,
  })
}

function minor(version: string): number {
  return Number(/^1\.(\d+)\./.exec(version)?.[1] ?? Number.NaN)
}
