/** What one step of the model can be. The order is that of the numbers in a step. */
export const KINDS = [
  'begin',
  'walInsert',
  'visible',
  'acknowledge',
  'finish',
  'rollBack',
  'abort',
  'crash',
  'abortOrphan',
  'carry',
  'carryAgain',
  'replay',
  'lease',
  'leasePending',
  'leaseWait',
  'leaseHit',
  'lsnPrimary',
  'lsnReplica',
  'snapshot',
  'store',
  'fail',
  'vanish',
  'join',
  'answer',
  'claim',
  'ask',
  'askUnknown',
  'position',
  'settle',
  'stop',
  'expireMark',
  'expireLease',
  'dropEntry',
  'keep',
  'evict',
  'sync',
  'failover',
] as const
export type Kind = (typeof KINDS)[number]

/** One step: its kind, who makes it, and at which fence or from which phase. */
export interface Step {
  readonly kind: Kind
  readonly actor: number
  readonly detail: number
}

const NUMBERS = new Map<Kind, number>(KINDS.map((kind, number) => [kind, number]))

/** A step as one number. */
export function packStep(kind: Kind, actor = 0, detail = 0): number {
  return (NUMBERS.get(kind) ?? 0) | (actor << 8) | (detail << 16)
}

export function unpackStep(packed: number): Step {
  const kind = KINDS[packed & 0xff]
  if (kind === undefined) throw new RangeError(`no step ${packed}`)
  return { kind, actor: (packed >> 8) & 0xff, detail: (packed >> 16) & 0xff }
}
