import { inject } from 'vitest'
import { type PostgresMajor, postgresPrograms } from '../../../../src/testing/rig/provision/index.ts'
import { startRig } from '../../../../src/testing/rig/start-rig.ts'

/** The shared rig's PostgreSQL, and those of other major versions that the rig's folder holds. */
export const SERVERS: readonly ('shared' | PostgresMajor)[] = ['shared', ...(await installed([15, 16, 17]))]

async function installed(majors: readonly PostgresMajor[]): Promise<PostgresMajor[]> {
  const found: PostgresMajor[] = []
  for (const major of majors) {
    const programs = await postgresPrograms({ major }).catch(() => undefined)
    if (programs) found.push(major)
  }
  return found
}

/** Where a server listens; one of another version is started for it, and has the role `app`. */
export async function serverAddress(
  server: (typeof SERVERS)[number],
  resources: AsyncDisposableStack,
): Promise<{ readonly host: string; readonly port: number }> {
  if (server === 'shared') return inject('rig').primary
  const rig = resources.use(await startRig({ major: server, standbys: 0, redis: false }))
  await rig.prepareTemplate('empty', () => Promise.resolve())
  return rig.primary
}
