import { ConfigError } from '../../errors/config.ts'
import type { Finding } from '../finding.ts'
import { type FindingIdentity, fingerprints } from './fingerprint.ts'

/** What an audit found, beside what was known before. */
export interface BaselineComparison {
  /** Findings that are not in the baseline. */
  readonly fresh: readonly Finding[]
  /** Findings that are. */
  readonly known: readonly Finding[]
  /** Entries of the baseline that no longer occur. */
  readonly gone: readonly FindingIdentity[]
}

/**
 * Tells new findings from known ones. Each entry of the baseline stands for one finding, so that the third of a kind in a file is new
 * where it has two.
 */
export function compareWithBaseline(
  findings: readonly Finding[],
  baseline: readonly FindingIdentity[],
): BaselineComparison {
  const before = new Set(fingerprints(baseline))
  const now = fingerprints(findings)
  const present = new Set(now)
  return {
    fresh: findings.filter((_finding, at) => !before.has(now[at] ?? '')),
    known: findings.filter((_finding, at) => before.has(now[at] ?? '')),
    gone: [...before].flatMap((print, at) => (present.has(print) ? [] : (baseline[at] ?? []))),
  }
}

/** Writes the file of a baseline, sorted, so that a later one differs only where the findings do. */
export function toBaseline(findings: readonly Finding[]): string {
  const entries = findings.map(({ rule, object, message }) => ({ rule, object, message }))
  const sorted = entries.toSorted(
    (a, b) => compare(a.rule, b.rule) || compare(a.object, b.object) || compare(a.message, b.message),
  )
  return `${JSON.stringify({ findings: sorted }, undefined, 2)}\n`
}

/**
 * Reads the file of a baseline.
 *
 * @param path for the message
 * @throws {ConfigError} when it is not one
 */
export function parseBaseline(text: string, path: string): readonly FindingIdentity[] {
  const entries = readEntries(text)
  if (entries?.every(isIdentity)) return entries
  throw new ConfigError(
    `${path} is not a baseline: it must be JSON of the form { "findings": [{ "rule", "object", "message" }] }. ` +
      'Write it anew with --write-baseline.',
  )
}

function readEntries(text: string): readonly unknown[] | undefined {
  try {
    const document: unknown = JSON.parse(text)
    const findings = isRecord(document) ? document.findings : undefined
    return Array.isArray(findings) ? findings : undefined
  } catch {
    return undefined
  }
}

function isIdentity(entry: unknown): entry is FindingIdentity {
  return (
    isRecord(entry) && [entry.rule, entry.object, entry.message].every((part) => typeof part === 'string')
  )
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

/** By code units, so that the order is the same whatever the machine's language is. */
function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
