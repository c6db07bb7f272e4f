import { existsSync } from 'node:fs'
import { runCommand } from '../../../src/testing/rig/provision/run-command.ts'

/** Debian's client builds by BuildKit by itself; later ones want a plugin for that. */
const CLIENT = existsSync('/usr/bin/docker') ? '/usr/bin/docker' : 'docker'
const LIMIT_MS = 60_000
const BUILD_LIMIT_MS = 600_000

/** The client of one engine. */
export class Docker {
  readonly #host: string

  constructor(host: string) {
    this.#host = host
  }

  /** @returns what it printed on either stream */
  async run(...args: readonly string[]): Promise<string> {
    return this.#call(args, LIMIT_MS)
  }

  async has(image: string): Promise<boolean> {
    return (await this.run('image', 'ls', '--quiet', image)).trim() !== ''
  }

  /** With the machine's network, for a private engine has none of its own. */
  async build(image: string, folder: string, ...args: readonly string[]): Promise<void> {
    await this.#call(['build', '--network', 'host', '--tag', image, ...args, folder], BUILD_LIMIT_MS)
  }

  async #call(args: readonly string[], timeoutMs: number): Promise<string> {
    const env = { DOCKER_HOST: this.#host, DOCKER_BUILDKIT: '1' }
    const { stdout, stderr } = await runCommand(CLIENT, args, { timeoutMs, env })
    return stdout + stderr
  }
}
