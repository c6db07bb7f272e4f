import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { ConfigError } from '../../errors/config.ts'
import type { Finding } from '../../rls/finding.ts'
import {
  type BaselineComparison,
  compareWithBaseline,
  parseBaseline,
  toBaseline,
} from '../../rls/report/baseline.ts'
import { printable } from '../../rls/report/printable.ts'
import type { Terminal } from '../terminal.ts'
import { writeTo } from './write-to.ts'

/** Leaves out of what was found what was known before, and says so. */
export type KnownFindings = (findings: readonly Finding[]) => Promise<readonly Finding[]>

/**
 * Takes a baseline into use.
 *
 * @param path of its file; without one nothing is known
 * @param renew whether the file is to hold what is found now
 * @throws {ConfigError} when it cannot be read
 */
export async function openBaseline(
  path: string | undefined,
  renew: boolean,
  terminal: Terminal,
): Promise<KnownFindings> {
  if (path === undefined) {
    if (renew) throw new ConfigError('--write-baseline needs --baseline <file>, the file to write.')
    return async (findings) => findings
  }
  const file = resolve(terminal.folder, path)
  if (renew) {
    return async (findings) => {
      await writeTo(file, path, toBaseline(findings))
      terminal.note(`${path} now holds ${findings.length} known findings. None of them is reported.`)
      return []
    }
  }
  const baseline = parseBaseline(await read(file, path), path)
  return async (findings) => {
    const comparison = compareWithBaseline(findings, baseline)
    for (const line of remarks(comparison, path)) terminal.note(line)
    return comparison.fresh
  }
}

async function read(file: string, path: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw new ConfigError(`The baseline ${path} cannot be read. --write-baseline makes it.`, { cause })
  }
}

function* remarks({ known, gone }: BaselineComparison, path: string): Generator<string> {
  if (known.length > 0) yield `Findings that ${path} knows and that are not reported: ${known.length}.`
  if (gone.length === 0) return
  yield `${path} knows findings that no longer occur. Take them out, or write it anew with --write-baseline:`
  for (const { rule, object, message } of gone)
    yield `  ${printable(object)}  [${printable(rule)}] ${printable(message)}`
}
