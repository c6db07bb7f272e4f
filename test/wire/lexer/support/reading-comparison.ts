import type { StatementClass } from '../../../../src/wire/lexer/statement-class.ts'
import type { Reading } from './parse-tree.ts'
import type { PipelinedSession } from './pipelined-session.ts'
import { readTexts } from './server-reading.ts'

/** A text on which the lexer and the server differ. `index` counts the texts drawn from the generator. */
export interface Difference {
  readonly index: number
  readonly text: string
  readonly reading: Reading
  readonly lexer: StatementClass
}

export interface Comparison {
  /** Forbidden by the server's reading, not refused by the lexer; or may not share a connection and would. */
  readonly missed: readonly Difference[]
  /** Allowed by the server's reading under either meaning of a backslash, but refused. */
  readonly overRefused: readonly Difference[]
  /** Refused with another reason than the server's reading has. */
  readonly mislabelled: readonly Difference[]
  readonly counts: {
    readonly forbidden: number
    readonly allowed: number
    /** Texts that the server would not run. */
    readonly rejected: number
    /** Texts with a backslash that are allowed under one reading of it and a syntax error, but refused, under the other. */
    readonly undecided: number
  }
}

interface Parties {
  /** A session with `standard_conforming_strings` on, and one with it off: each reads every other text. */
  readonly standard: PipelinedSession
  readonly escaping: PipelinedSession
  readonly texts: Iterator<string>
  readonly classify: (text: string) => StatementClass
}

const SHOWN = 20

export async function compareWithServer({
  standard,
  escaping,
  texts,
  classify,
}: Parties): Promise<Comparison> {
  const missed: Difference[] = []
  const overRefused: Difference[] = []
  const mislabelled: Difference[] = []
  const counts = { forbidden: 0, allowed: 0, rejected: 0, undecided: 0 }
  let index = 0

  const readHalf = async (session: PipelinedSession, other: PipelinedSession) => {
    // A refusal of a text with a backslash can be right under the other reading alone.
    const disputed: Difference[] = []
    await readTexts(session, texts, (text, reading) => {
      const difference = { index: index++, text, reading, lexer: classify(text) }
      const verdict = judge(difference)
      if (verdict === 'missed') note(missed, difference)
      else if (verdict === 'overRefused') {
        if (text.includes('\\')) disputed.push(difference)
        else note(overRefused, difference)
      } else if (verdict === 'mislabelled' && !text.includes('\\')) note(mislabelled, difference)
      if (reading === 'rejected') counts.rejected++
      else if (isForbidden(reading)) counts.forbidden++
      else counts.allowed++
    })
    const unexplained = disputed.values()
    return () =>
      readTexts(other, disputed.map(({ text }) => text).values(), (_text, otherReading) => {
        const difference = unexplained.next().value
        if (difference === undefined || isForbidden(otherReading)) return
        if (otherReading === 'rejected') counts.undecided++
        else note(overRefused, difference)
      })
  }
  const settle = await Promise.all([readHalf(standard, escaping), readHalf(escaping, standard)])
  for (const settleDisputed of settle) await settleDisputed()
  return { missed, overRefused, mislabelled, counts }
}

function note(list: Difference[], difference: Difference): void {
  if (list.length < SHOWN) list.push(difference)
}

function judge({ reading, lexer }: Difference): 'agreed' | 'missed' | 'overRefused' | 'mislabelled' {
  // The server runs nothing of it.
  if (reading === 'rejected') return 'agreed'
  if (!isForbidden(reading)) {
    if (lexer.kind === reading) return 'agreed'
    return lexer.kind === 'plain' ? 'missed' : 'overRefused'
  }
  if (lexer.kind !== 'refused') return 'missed'
  return lexer.reason === reading ? 'agreed' : 'mislabelled'
}

function isForbidden(reading: Reading): boolean {
  return reading !== 'rejected' && reading !== 'plain' && reading !== 'exclusive'
}
