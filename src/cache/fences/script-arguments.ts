import { randomBytes } from 'node:crypto'
import type { FenceEnd } from '../invalidation/fence-writer.ts'
import { lsnDigits } from './fence-value.ts'

/** A generation for each fence, as no fence has had it before. */
export function newGens(epoch: string, fences: readonly string[]): string[] {
  return fences.map(() => `${epoch}.${randomBytes(12).toString('base64url')}`)
}

/** How a transaction ended, for the scripts: what its commit is before, `?` where nobody knows that, '' where it has not committed. */
export function endText(end: FenceEnd): string {
  if (end.outcome === 'aborted') return ''
  return end.lsn === undefined ? '?' : lsnDigits(end.lsn)
}
