import { execFile } from 'node:child_process'
import { appendFile, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { SoakReport } from './soak-report.ts'

const ROOT = join(import.meta.dirname, '../..')

/** Where every recorded soak has its line. */
export const LEDGER: string = join(ROOT, 'soak', 'ledger.jsonl')

/** Adds a soak to the ledger, with what was soaked and when. */
export async function recordSoak(
  report: SoakReport,
  sources: Sources,
  about: { readonly target: string; readonly engine: string; readonly seconds: number },
): Promise<void> {
  const line = { date: new Date().toISOString(), ...sources, ...about, ...report }
  await mkdir(join(ROOT, 'soak'), { recursive: true })
  await appendFile(LEDGER, `${JSON.stringify(line)}\n`)
}

/** What is soaked. */
export interface Sources {
  readonly version: string
  /** Nothing outside a checkout. */
  readonly commit?: string
  /** Whether `src/` differs from the commit. */
  readonly sourcesChanged?: boolean
}

/** Asked when a soak begins, which is when its sources were loaded. */
export async function identifySources(): Promise<Sources> {
  const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { version: string }
  const git = (...args: string[]) => promisify(execFile)('git', args, { cwd: ROOT, timeout: 10_000 })
  try {
    const commit = (await git('rev-parse', '--short', 'HEAD')).stdout.trim()
    const sourcesChanged = (await git('status', '--porcelain', '--', 'src')).stdout.trim() !== ''
    return { version, commit, sourcesChanged }
  } catch {
    return { version }
  }
}
