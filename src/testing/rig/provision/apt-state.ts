import { access, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DebianSource } from './debian.ts'
import { publishTree } from './publish-tree.ts'
import { RigProvisionError } from './rig-provision-error.ts'
import { runCommand } from './run-command.ts'

const systemKeyrings = ['gpg', 'pgp'].map((type) => `/usr/share/keyrings/debian-archive-keyring.${type}`)

/**
 * A private apt: own sources, lists, cache and an empty list of installed packages, so that apt works
 * without root, leaves the machine's packages alone, and counts every dependency as missing.
 * The machine's proxy and certificate settings stay in force, and so does the check of signatures.
 */
export class AptState {
  readonly #directory: string
  readonly #configuration: string

  private constructor(directory: string) {
    this.#directory = directory
    this.#configuration = join(directory, 'apt.conf')
  }

  /**
   * @param directory An empty folder of the caller's.
   * @param keyring Signatures must be by a key in this file; by default Debian's own of this machine.
   */
  static async create(
    directory: string,
    sources: readonly DebianSource[],
    keyring?: string,
  ): Promise<AptState> {
    const state = new AptState(directory)
    for (const folder of ['lists/partial', 'cache/archives/partial', 'none']) {
      await mkdir(join(directory, folder), { recursive: true })
    }
    const signedBy = keyring ?? (await firstExisting(systemKeyrings))
    const trust = signedBy === undefined ? '' : `[signed-by=${signedBy}] `
    const lines = sources.map(({ uri, suite, component }) => `deb ${trust}${uri} ${suite} ${component}\n`)
    await writeFile(join(directory, 'sources.list'), lines.join(''))
    await writeFile(join(directory, 'status'), '')
    await writeFile(state.#configuration, configurationOf(directory))
    // Under root apt downloads as its sandbox user, who must be able to come here and read the key file.
    await publishTree(directory)
    return state
  }

  /**
   * Downloads the lists of packages. A source that fails is left out with what apt said about it.
   *
   * @returns What apt printed about failures.
   */
  async update(): Promise<string> {
    try {
      const { stderr } = await this.#aptGet(['update'], 120_000)
      return stderr
    } catch (error) {
      // Third parties' sources have the same suite names as Debian's, and fail here as Debian's key did not sign them.
      if (error instanceof RigProvisionError) return error.message
      throw error
    }
  }

  /** Version that an installation would choose; undefined when no source has the package. */
  async candidate(name: string): Promise<string | undefined> {
    const { stdout } = await runCommand('apt-cache', ['-c', this.#configuration, 'policy', name], {
      timeoutMs: 30_000,
    })
    const version = /^ {2}Candidate: (\S+)$/m.exec(stdout)?.[1]
    return version === '(none)' ? undefined : version
  }

  /** Downloads a package with all that it depends on; answers the folder with the `.deb` files. */
  async download(name: string): Promise<string> {
    await this.#aptGet(['install', '--download-only', '--no-install-recommends', '--yes', name], 300_000)
    return join(this.#directory, 'cache', 'archives')
  }

  #aptGet(args: readonly string[], timeoutMs: number) {
    return runCommand('apt-get', ['-c', this.#configuration, '--quiet', ...args], {
      timeoutMs,
      env: { DEBIAN_FRONTEND: 'noninteractive' },
    })
  }
}

/** Read after the machine's own settings, so these prevail; `#clear` takes a list's entries away. */
function configurationOf(directory: string): string {
  return [
    '#clear APT::Update;',
    '#clear DPkg;',
    `Dir::Etc::sourcelist "${directory}/sources.list";`,
    `Dir::Etc::sourceparts "${directory}/none";`,
    `Dir::Etc::preferences "${directory}/none/preferences";`,
    `Dir::Etc::preferencesparts "${directory}/none";`,
    `Dir::State "${directory}";`,
    `Dir::State::lists "${directory}/lists";`,
    `Dir::State::status "${directory}/status";`,
    `Dir::Cache "${directory}/cache";`,
    `Dir::Cache::archives "${directory}/cache/archives";`,
    'Acquire::Languages "none";',
    'Acquire::Retries "2";',
    'Acquire::http::Timeout "30";',
    'Acquire::https::Timeout "30";',
    '',
  ].join('\n')
}

async function firstExisting(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    try {
      await access(path)
      return path
    } catch {}
  }
  return undefined
}
