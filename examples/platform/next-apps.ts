import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const EXAMPLES = fileURLToPath(new URL('..', import.meta.url))
const BUILD_LIMIT_MS = 300_000
/** What Next.js says when it finds another build of the app under way. */
const BUSY = 'Another next build process is already running'
const BUSY_RETRY_MS = 2_000
/** In the folder of a build: what it was made of. */
const STAMP = 'sources.sha256'
const NOT_SOURCES = new Set([
  '.next',
  '.env',
  'node_modules',
  'README.md',
  'next-env.d.ts',
  'tsconfig.tsbuildinfo',
])

/** Builds an app if its sources, or what it shares with others, are not those of its last build. */
export async function buildNextApp(app: string, signal?: AbortSignal): Promise<'built' | 'fresh'> {
  const folder = join(EXAMPLES, app)
  const stamp = join(folder, '.next', STAMP)
  const deadlineMs = performance.now() + BUILD_LIMIT_MS
  for (;;) {
    const sources = await fingerprint([
      folder,
      join(EXAMPLES, 'kit'),
      join(EXAMPLES, 'web'),
      join(EXAMPLES, 'schema'),
      libraryFolder(),
    ])
    if ((await readFile(stamp, 'utf8').catch(() => '')) === sources) return 'fresh'
    try {
      await runBuild(folder, signal)
      await writeFile(stamp, sources)
      return 'built'
    } catch (error) {
      const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
      const said = `${stdout}\n${stderr}`.trim()
      // Somebody else builds it, and it may be what is wanted.
      const isBusy = said.includes(BUSY) && performance.now() < deadlineMs
      if (!isBusy) {
        throw new Error(`${app} could not be built.\n${said.split('\n').slice(-40).join('\n')}`, {
          cause: error,
        })
      }
    }
    await sleep(BUSY_RETRY_MS, undefined, signal && { signal })
  }
}

function runBuild(folder: string, signal: AbortSignal | undefined) {
  return run(process.execPath, [nextBinary(folder), 'build', folder], {
    cwd: folder,
    // Nothing of what the app is told when it runs: a build is the same wherever it runs later.
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      NODE_ENV: 'production',
      NEXT_TELEMETRY_DISABLED: '1',
    },
    timeout: BUILD_LIMIT_MS,
    maxBuffer: 16 * 1024 * 1024,
    ...(signal && { signal }),
  })
}

/** Arguments of Node that serve a build. */
export function nextStart(app: string, port: number): readonly string[] {
  const folder = join(EXAMPLES, app)
  return [nextBinary(folder), 'start', folder, '--hostname', '127.0.0.1', '--port', String(port)]
}

function nextBinary(folder: string): string {
  return createRequire(join(folder, 'package.json')).resolve('next/dist/bin/next')
}

/** What `import 'leasehold'` finds. */
function libraryFolder(): string {
  return fileURLToPath(new URL('.', import.meta.resolve('leasehold')))
}

async function fingerprint(folders: readonly string[]): Promise<string> {
  const hash = createHash('sha256')
  for (const folder of folders) {
    for (const file of await filesIn(folder)) {
      hash
        .update(`${file.slice(folder.length)}\0`)
        .update(await readFile(file))
        .update('\0')
    }
  }
  return hash.digest('hex')
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const found: string[] = []
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (NOT_SOURCES.has(entry.name)) continue
    const path = join(folder, entry.name)
    if (entry.isDirectory()) found.push(...(await filesIn(path)))
    else if (entry.isFile()) found.push(path)
  }
  return found
}
