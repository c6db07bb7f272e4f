import { setTimeout as sleep } from 'node:timers/promises'
import type { Figures } from './load/figures.ts'
import type { Load } from './load/load.ts'
import type { Platform } from './platform.ts'

/** What one fault did to the load. */
export interface FaultResult {
  readonly fault: string
  /** From the fault to the moment when the server was back. */
  readonly during: Figures
  /** From then on. */
  readonly after: Figures
  /** From the moment when the server was back to the last error, in seconds; 0 where none came. */
  readonly recoveryS: number
}

export interface FaultWalkOptions {
  /** How long a thing stays broken. @default 6,000 */
  readonly brokenMs?: number
  /** How long the load goes on after it was mended. @default 8,000 */
  readonly afterMs?: number
  /** Is told of each fault when it is made and when it is mended. */
  readonly onStep?: (words: string) => void
  readonly signal?: AbortSignal
}

/** Breaks one thing after the other under load. */
export async function walkFaults(
  { faults, topology }: Pick<Platform, 'faults' | 'topology'>,
  load: Load,
  { brokenMs = 6_000, afterMs = 8_000, onStep = () => {}, signal }: FaultWalkOptions = {},
): Promise<readonly FaultResult[]> {
  const wait = (ms: number) => sleep(ms, undefined, signal && { signal })
  const broken = (fault: () => Promise<{ heal(): Promise<void> }>) => async () => {
    const { heal } = await fault()
    await wait(brokenMs)
    await heal()
  }
  const walk: readonly (readonly [string, () => Promise<void>])[] = [
    ...(topology.replicas.length > 0
      ? [['replica killed', broken(() => faults.killReplica())] as const]
      : []),
    ['pgbouncer killed', broken(() => faults.killPgbouncer())],
    ['primary restarted', () => faults.restartPrimary()],
    ['Redis stopped', broken(() => faults.stopRedis())],
  ]
  const results: FaultResult[] = []
  for (const [fault, breakAndHeal] of walk) {
    onStep(fault)
    const during = load.measure()
    await breakAndHeal()
    const figures = during()
    onStep(`${fault}: mended`)
    const after = load.measure()
    await wait(afterMs)
    const afterwards = after()
    const recoveryS =
      afterwards.errors + afterwards.notSent === 0 ? 0 : afterwards.seconds - afterwards.secondsWithoutError
    results.push({ fault, during: figures, after: afterwards, recoveryS: Math.round(recoveryS * 10) / 10 })
  }
  return results
}

/** The results as lines of a table. */
export function formatFaults(results: readonly FaultResult[]): string {
  const head = [
    'fault',
    'requests',
    'read errors',
    'write errors',
    'slowest',
    'last error after',
    'then errors',
  ]
  const lines = results.map(({ fault, during, after, recoveryS }) => [
    fault,
    String(during.requests),
    share(during.readErrors, during.reads),
    share(during.writeErrors, during.writes),
    `${(Math.max(during.maxMs, after.maxMs) / 1_000).toFixed(1)} s`,
    `${recoveryS} s`,
    share(after.errors, after.requests),
  ])
  const widths = head.map((_, column) =>
    Math.max(...[head, ...lines].map((line) => line[column]?.length ?? 0)),
  )
  return [head, ...lines]
    .map((line) =>
      line
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function share(part: number, whole: number): string {
  return whole === 0 ? '-' : `${part} (${((100 * part) / whole).toFixed(1)} %)`
}
