import { debianCodename } from './debian.ts'
import { findProgram } from './find-program.ts'
import type { Program } from './program.ts'

/**
 * Finds redis-server, 6.2 or later, or downloads it.
 *
 * @throws {RigProvisionError} with what to install.
 */
export async function redisProgram(): Promise<Program> {
  const release = (await debianCodename()) ?? 'bookworm'
  return findProgram({
    kind: {
      name: 'redis-server',
      versionPattern: /\bv=(\d+\.\d+\.\d+)/,
      fits: (found) => {
        const [major = 0, minor = 0] = found.split('.').map(Number)
        return major > 6 || (major === 6 && minor >= 2)
      },
    },
    folderName: 'redis',
    debian: { packageName: 'redis-server', path: 'usr/bin/redis-server', release },
    advice: 'Install redis-server 6.2 or later where PATH finds it.',
  })
}
