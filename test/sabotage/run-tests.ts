import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { NamedTest } from './planted-bug.ts'

/** How the tests of one name ended: all passed, some failed, or none was found. */
export type Verdict = 'passed' | 'failed' | 'missing'

interface JsonReport {
  readonly testResults: readonly {
    readonly name: string
    readonly message?: string
    readonly assertionResults: readonly { readonly title: string; readonly status: string }[]
  }[]
}

/**
 * Runs named tests in a copy of the project.
 *
 * @param timeoutMs after which the run is ended; what has not passed by then counts as failed
 */
export async function runTests(
  folder: string,
  tests: readonly NamedTest[],
  timeoutMs: number,
): Promise<(test: NamedTest) => Verdict> {
  const report = join(folder, 'report.json')
  const pattern = `(${tests.map(({ name }) => escapePattern(name)).join('|')})`
  const files = [...new Set(tests.map(({ file }) => file))]
  const vitest = join(folder, 'node_modules/vitest/vitest.mjs')
  const child = spawn(
    process.execPath,
    [vitest, 'run', ...files, '-t', pattern, '--reporter=json', `--outputFile=${report}`],
    { cwd: folder, stdio: 'ignore', env: { ...process.env, NO_COLOR: '1' } },
  )
  const timer = setTimeout(() => child.kill('SIGINT'), timeoutMs)
  await new Promise((resolve) => child.once('close', resolve))
  clearTimeout(timer)
  const { testResults } = await readReport(report)
  return ({ file, name }) => {
    const ended = testResults
      .filter((result) => result.name.endsWith(file))
      .flatMap(({ assertionResults }) => assertionResults)
      .filter(({ title, status }) => title.includes(name) && status !== 'skipped' && status !== 'pending')
    if (ended.length === 0) return 'missing'
    return ended.every(({ status }) => status === 'passed') ? 'passed' : 'failed'
  }
}

async function readReport(path: string): Promise<JsonReport> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as JsonReport
  } catch {
    return { testResults: [] }
  }
}

function escapePattern(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
