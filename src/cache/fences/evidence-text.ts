import type { CommitEvidence } from '../../errors/outcome.ts'

/** What no server has: asking about it is answered `unknown`, which counts as committed. */
const NO_EVIDENCE: CommitEvidence = { xid: '3', incarnation: '' }

/** Evidence as fences hold it: letters, digits, `-` and `_` only. */
export function writeEvidence({ xid, incarnation }: CommitEvidence): string {
  return Buffer.from(JSON.stringify([xid, incarnation])).toString('base64url')
}

/** Reads it back. What cannot be read is evidence of nothing, so that nobody asks about it for ever. */
export function readEvidence(text: string): CommitEvidence {
  try {
    const parts: unknown = JSON.parse(Buffer.from(text, 'base64url').toString())
    if (!Array.isArray(parts)) return NO_EVIDENCE
    const [xid, incarnation]: unknown[] = parts
    return typeof xid === 'string' && typeof incarnation === 'string' && /^\d{1,20}$/.test(xid)
      ? { xid, incarnation }
      : NO_EVIDENCE
  } catch {
    return NO_EVIDENCE
  }
}
