import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { seededAccounts } from '@clinic/schema/seed'
import type { Platform } from '../platform.ts'
import { EdgeClient } from './edge-client.ts'
import { signIn } from './sign-in.ts'

export interface TelemetryOptions {
  /** @default 1,000 */
  readonly perSecond?: number
  /** Ends the stream; what is on its way is still sent until it is acknowledged, for ten seconds. */
  readonly signal: AbortSignal
}

/** What was sent, and what came of it. */
export interface TelemetryFigures {
  /** Events that devices had to tell. */
  readonly told: number
  /** Those of them that the service has said are stored. */
  readonly acknowledged: number
  /** Batches, and how often one was sent again because no good answer came. */
  readonly batches: number
  readonly repeats: number
  /** Batches that the service knew already when they came again: stored, and the answer lost. */
  readonly knownAlready: number
  /** The longest that a batch took until it was acknowledged, in milliseconds. */
  readonly slowestMs: number
}

const BATCHES_PER_SECOND = 10
const RETRY_AFTER_MS = 250
const GIVE_UP_AFTER_MS = 60_000
/** Whoever stops the platform does not wait for a service that is gone. */
const AT_THE_END_MS = 10_000
const HOST = 'telemetry.platform.localhost'
const KINDS = ['page.viewed', 'chart.opened', 'search.done', 'device.heartbeat'] as const

/**
 * Devices of all clinics that tell what happens, in batches. One that has no answer sends its batch again under the same key, as an app
 * would that is offline for a while.
 */
export async function sendTelemetry(
  { edge, secrets, seeded }: Pick<Platform, 'edge' | 'secrets' | 'seeded'>,
  { perSecond = 1_000, signal }: TelemetryOptions,
): Promise<TelemetryFigures> {
  using client = new EdgeClient(edge.port)
  const staff = seededAccounts(seeded.clinics.length).filter(({ role }) => role === 'staff')
  const tokens = await Promise.all(staff.map((account) => signIn(client, account, secrets.demoPassword)))
  const figures = { told: 0, acknowledged: 0, batches: 0, repeats: 0, knownAlready: 0, slowestMs: 0 }
  const underWay: Promise<void>[] = []
  let endsAtMs = Number.POSITIVE_INFINITY

  async function tell(token: string, size: number): Promise<void> {
    const beganMs = performance.now()
    const headers = { authorization: `Bearer ${token}`, 'idempotency-key': randomUUID() }
    const body = { events: Array.from({ length: size }, event) }
    figures.told += size
    figures.batches += 1
    while (performance.now() < Math.min(beganMs + GIVE_UP_AFTER_MS, endsAtMs)) {
      const answer = await client
        .call({ host: HOST, method: 'POST', path: '/v1/events', headers, body }, 10_000)
        .catch(() => undefined)
      if (answer?.status === 201 || answer?.status === 200) {
        figures.acknowledged += size
        if (answer.status === 200) figures.knownAlready += 1
        figures.slowestMs = Math.max(figures.slowestMs, Math.round(performance.now() - beganMs))
        return
      }
      // It will not be accepted by being sent again.
      if (answer && answer.status >= 400 && answer.status < 500 && answer.status !== 429) {
        throw new Error(`A batch was refused: ${answer.status} ${answer.text}`)
      }
      figures.repeats += 1
      await sleep(RETRY_AFTER_MS)
    }
  }

  const size = Math.max(1, Math.round(perSecond / BATCHES_PER_SECOND))
  let dueMs = performance.now()
  for (let turn = 0; !signal.aborted; turn += 1) {
    const telling = tell(tokens[turn % tokens.length] ?? '', size)
    telling.catch(() => {})
    underWay.push(telling)
    dueMs += (1_000 * size) / perSecond
    await sleep(Math.max(0, dueMs - performance.now()), undefined, { signal }).catch(() => {})
  }
  endsAtMs = performance.now() + AT_THE_END_MS
  await Promise.all(underWay)
  return figures
}

function event() {
  return {
    happened_at: new Date().toISOString(),
    kind: KINDS[Math.floor(Math.random() * KINDS.length)],
    source: 'clinic-web',
    value: Math.round(Math.random() * 1_000),
  }
}
