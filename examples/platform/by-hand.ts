import { rm, writeFile } from 'node:fs/promises'
import { relative } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { readiness } from './readiness.ts'
import type { ServiceSpec } from './supervise.ts'

/** Who leaves it. */
export interface ByHandHost {
  /** Has something done when the platform stops. */
  defer(work: () => Promise<void>): void
  tell(words: string): void
  readonly signal?: AbortSignal | undefined
}

/** Where what a service is told is written, for whoever starts it by hand. */
export function envFileOf(service: string): string {
  return fileURLToPath(new URL(`../${service}/.env`, import.meta.url))
}

/**
 * Leaves a service to whoever runs the platform, with a debugger maybe: writes what it is told into `.env` of its folder, says how it is
 * started, and waits for as long as that takes. The file goes when the platform stops, for what is in it is worth nothing then.
 *
 * @throws {Error} where there is such a file; and the signal's reason
 */
export async function leaveByHand({ name, env, port }: ServiceSpec, host: ByHandHost): Promise<void> {
  const path = envFileOf(name)
  // Without quotes: Node and Next.js take them off, `docker run --env-file` does not, and no value holds a space or a #.
  const lines = Object.entries(env).map(([variable, value]) => `${variable}=${value}\n`)
  try {
    // Passwords and keys are in it.
    await writeFile(path, lines.join(''), { flag: 'wx', mode: 0o600 })
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause
    throw new Error(
      `${relative('.', path)} is there already, of somebody's own or of a platform that was killed. Move it away.`,
      { cause },
    )
  }
  host.defer(() => rm(path, { force: true }))
  host.tell(`Waiting for ${name}. In another terminal: npm start -w @clinic/${name}`)
  while ((await readiness(port)) !== 200) await sleep(200, undefined, host.signal && { signal: host.signal })
}
