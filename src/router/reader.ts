import type { ServerPosition } from '../wire/server-position.ts'
import { demandOfRequest } from './carrier/demand-of-request.ts'
import type { StoreReading, TokenStore } from './carrier/redis.ts'
import { ageToken } from './token/age-token.ts'
import type { ConsistencyToken, TokenOwner } from './token/consistency-token.ts'
import type { Demand, PrimaryPosition, PrimaryReason } from './token/demand.ts'
import { mergeTokens } from './token/merge-tokens.ts'
import { issueToken } from './token/sign.ts'
import type { TokenKeys } from './token/token-keys.ts'
import type { TokenReading } from './token/token-reading.ts'
import { readToken } from './token/verify.ts'
import { normaliseLsn, parseLsn, type WalPosition } from './token/wal-position.ts'

/** How tokens are made and judged. */
export interface TokenRules {
  /** Without keys what was seen is kept in the process, and no text is made of it. */
  readonly keys: TokenKeys | undefined
  readonly ttlMs: number
  readonly clockSkewMs: number
  /** Keeps what readers wrote, for their other requests. */
  readonly store: TokenStore | undefined
}

/** The primary is of another history than the position. */
const VOID: ReadonlySet<PrimaryReason> = new Set(['other-system', 'other-timeline', 'beyond-primary'])

/** Takes the text of a token. */
export type TokenListener = (token: string) => void

/**
 * What one reader has seen so far, in a scope or in one call: it reads its own writes, and never an older state than it read
 * before.
 */
export class Reader {
  readonly #rules: TokenRules
  readonly #owner: TokenOwner
  readonly #onToken: TokenListener | undefined
  #reading: TokenReading = { kind: 'expired' }
  #loading: Promise<void> | undefined
  #stored: StoreReading | undefined
  #saving: Promise<unknown> | undefined
  /** Whether what it brought stands for nothing that the primary has: then it is not to be carried on. */
  #isVoid = false

  /** @param token what it brought from an earlier request; out of hands that cannot be trusted */
  constructor(
    rules: TokenRules,
    owner: TokenOwner,
    token: string | undefined,
    onToken: TokenListener | undefined,
  ) {
    this.#rules = rules
    this.#owner = owner
    this.#onToken = onToken
    if (token !== undefined && rules.keys) {
      this.#reading = readToken(rules.keys, token, { ...owner, ...rules, nowMs: Date.now() })
    }
  }

  /** From now on its reads see at least this. */
  mustSee(position: WalPosition): void {
    this.#rise(position)
  }

  /** Settles when what the store knows of it is known here; asked once. Never rejects. */
  load(): Promise<void> | undefined {
    const { store } = this.#rules
    this.#loading ??= store?.read(this.#owner, Date.now()).then((stored) => {
      this.#stored = stored
    })
    return this.#loading
  }

  /** Settles when the store has what was written, or has not answered in time. Never rejects. */
  saved(): Promise<unknown> | undefined {
    return this.#saving
  }

  /** What a read must see now. @param primary the highest position that is known of the primary */
  demand(primary: PrimaryPosition | undefined): Demand {
    const demand = demandOfRequest({ sent: this.#aged(), stored: this.#stored }, primary)
    this.#isVoid = demand.kind === 'primary' && VOID.has(demand.reason)
    return demand
  }

  /**
   * A write was committed, or a read was answered, by a primary that stood here.
   *
   * @param at nothing where that was not answered: then only the primary will do, for as long as a token is good
   * @param wrote whether it is for the store too: what was only read is kept by who carries the token
   * @param demand what was known before that had to be seen
   */
  sawPrimary(at: ServerPosition | undefined, wrote: boolean, demand?: Demand): void {
    const isHealing = this.#stored?.kind === 'refused'
    const position = positionOf(at)
    if (position && demand && isBeyond(demand, position)) this.#isVoid = true
    const token = this.#rise(position)
    if (wrote || isHealing) this.#saving = this.#rules.store?.raise(token, Date.now())
  }

  /**
   * A read with the consistency of the session was answered by a standby that stood here, on the timeline that it was last known to
   * follow. Not to be told of other reads: they may have gone by what was refused.
   *
   * A commit can be seen a moment before its record counts as replayed. So where there is more than was replayed, what was
   * seen may reach into the next record, of which one byte is enough to ask for.
   */
  sawStandby(at: ServerPosition | undefined, timeline: number): void {
    if (!at?.inRecovery) return
    const replayed = parseLsn(at.lsn)
    const lsn = at.received === at.lsn ? replayed : replayed + 1n
    this.#rise({ systemId: at.systemId, timeline, lsn })
  }

  #aged(): TokenReading {
    const reading = this.#reading
    return reading.kind === 'valid' ? ageToken(reading.token, { ...this.#rules, nowMs: Date.now() }) : reading
  }

  #rise(position: WalPosition | undefined): ConsistencyToken {
    const seen = { ...this.#owner, issuedAtMs: Date.now(), position }
    // What was refused, or is void, is not merged with, so that the next request is free of it.
    const token =
      this.#reading.kind === 'valid' && !this.#isVoid ? mergeTokens(this.#reading.token, seen) : seen
    this.#reading = { kind: 'valid', token }
    if (this.#isVoid || this.#stored?.kind === 'refused') this.#stored = undefined
    this.#isVoid = false
    if (this.#onToken && this.#rules.keys) this.#onToken(issueToken(this.#rules.keys, token))
    return token
  }
}

/** Whether the primary has not been where it should have been before: it never will have been, and nobody can get there. */
function isBeyond(demand: Demand, { systemId, timeline, lsn }: WalPosition): boolean {
  if (demand.kind !== 'position') return false
  const { position } = demand
  return position.systemId === systemId && position.timeline === timeline && position.lsn > lsn
}

function positionOf(at: ServerPosition | undefined): WalPosition | undefined {
  if (!at || at.inRecovery || at.timeline === undefined) return undefined
  const { systemId, timeline, segmentBytes, blockBytes } = at
  return { systemId, timeline, lsn: normaliseLsn(parseLsn(at.lsn), segmentBytes, blockBytes) }
}
