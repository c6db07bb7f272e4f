import { readFile } from 'node:fs/promises'
import { runCommand } from './run-command.ts'

/** A line of the machine's own package sources. */
export interface DebianSource {
  readonly uri: string
  /** Such as `bookworm`, `bookworm-updates` or `bookworm-security`. */
  readonly suite: string
  readonly component: string
}

/** Codename of the Debian release that runs here, such as `bookworm`; undefined on any other system. */
export async function debianCodename(): Promise<string | undefined> {
  const text = await readFile('/etc/os-release', 'utf8').catch(() => '')
  if (!/^ID="?debian"?$/m.test(text)) return undefined
  return /^VERSION_CODENAME="?(\w+)"?$/m.exec(text)?.[1]
}

/**
 * The machine's sources of a release, rewritten to another release where that is not the machine's own:
 * a mirror carries all releases side by side.
 */
export async function debianSources(release: string): Promise<readonly DebianSource[]> {
  const own = await debianCodename()
  if (own === undefined) return []
  // Without --no-release-info apt lists only what it has already downloaded, which on a fresh machine is nothing.
  const { stdout } = await runCommand(
    'apt-get',
    [
      'indextargets',
      '--no-release-info',
      '--format',
      '$(REPO_URI) $(RELEASE) $(COMPONENT)',
      'Created-By: Packages',
    ],
    { timeoutMs: 20_000 },
  )
  return [...new Set(stdout.trim().split('\n'))].flatMap((line) => {
    const [uri, suite, component] = line.split(' ')
    if (uri === undefined || suite === undefined || component !== 'main') return []
    if (suite !== own && !suite.startsWith(`${own}-`)) return []
    return [{ uri, suite: suite.replace(own, release), component }]
  })
}
