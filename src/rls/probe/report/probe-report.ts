import type { Finding } from '../../finding.ts'
import type { ProbeRuleId } from '../probe-rules.ts'
import { both } from './wording.ts'

/** Something that a probe has found. */
export interface ProbeFinding extends Finding {
  readonly rule: ProbeRuleId
}

const WORST_FIRST = ['error', 'warning', 'info'] as const

/** Gathers what a probe finds, and what it could not find out. */
export class ProbeReport {
  readonly #found: ProbeFinding[] = []
  readonly #left = new Map<string, Set<string>>()

  add(finding: ProbeFinding): void {
    this.#found.push(finding)
  }

  /** Whether something of this rule has been found on an object. */
  has(rule: ProbeRuleId, object: string): boolean {
    return this.#found.some((finding) => finding.rule === rule && finding.object === object)
  }

  /**
   * Says that something of an object is neither right nor wrong as far as is known.
   *
   * @param what in a few words
   * @param why an SQLSTATE, or a reason in a few words
   */
  notProbed(object: string, what: string, why: string): void {
    const left = this.#left.get(object) ?? new Set()
    left.add(`${what} (${/^[0-9A-Z]{5}$/.test(why) ? `SQLSTATE ${why}` : why})`)
    this.#left.set(object, left)
  }

  /** All findings, the worst first. */
  findings(): readonly ProbeFinding[] {
    const incomplete = [...this.#left].map(
      ([object, left]): ProbeFinding => ({
        rule: 'probe-incomplete',
        severity: 'info',
        object,
        message: `Not probed, so neither known to be right nor wrong: ${both([...left])}.`,
        fix: 'Judge it by hand, or give the probe what it lacked: rows of both tenants, a quiet moment, a copy of the database.',
      }),
    )
    const all = [...this.#found, ...incomplete]
    return WORST_FIRST.flatMap((severity) => all.filter((finding) => finding.severity === severity))
  }
}
