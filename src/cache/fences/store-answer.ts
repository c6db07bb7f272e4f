import { UnreadableReplyError } from '../redis/failure.ts'

/** What is to be stored, and what it was loaded under. */
export interface StoredLoad {
  readonly token: string
  readonly ordinal: string
  readonly gens: readonly string[]
  readonly source: 'primary' | 'replica'
  /** Of a replica, read before its snapshot; of the primary, read after it. */
  readonly lsn: bigint | undefined
  readonly ttlMs: number
  readonly value: Buffer
}

/**
 * - `stored`
 * - `gen`: something it depends on was overwritten since the lease
 * - `pending`: a transaction that overwrites something of it has not ended
 * - `lsn`: the replica was behind
 * - `newer`: what a later lease has loaded is there
 */
export type StoreAnswer = 'stored' | 'gen' | 'pending' | 'lsn' | 'newer'

const ANSWERS: ReadonlySet<string> = new Set<StoreAnswer>(['stored', 'gen', 'pending', 'lsn', 'newer'])

/** @throws {UnreadableReplyError} */
export function readStoreAnswer(reply: unknown): StoreAnswer {
  const word = String(reply)
  if (isAnswer(word)) return word
  throw new UnreadableReplyError('A value that was neither stored nor refused.')
}

function isAnswer(word: string): word is StoreAnswer {
  return ANSWERS.has(word)
}
