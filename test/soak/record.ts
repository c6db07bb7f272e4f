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
  about: { readonly target: string; readonly engine: string; readonly seconds: number },
): Promise<void> {
  const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { version: string }
  const line = { date: new Date().toISOString(), version, ...(await commit()), ...about, ...report }
  await mkdir(join(ROOT, 'soak'), { recursive: true })
  await appendFile(LEDGER, `${JSON.stringify(line)}\n`)
}

/** The commit, and whether `src/` differs from it; nothing outside a checkout. */
async function commit(): Promise<{ commit?: string; sourcesChanged?: boolean }> {
  const git = (...args: string[]) => promisify(execFile)('git', args, { cwd: ROOT, timeout: 10_000 })
  try {
    const head = (await git('rev-parse', '--short', 'HEAD')).stdout.trim()
    const changed = (await git('status', '--porcelain', '--', 'src')).stdout.trim() !== ''
    return { commit: head, sourcesChanged: changed }
  } catch {
    return {}
  }
}
