import { setTimeout as sleep } from 'node:timers/promises'
import { ANNA, BERG, GRETA, LAKESIDE, LIAM, MIRA, OPS, SONNENHOF } from '@clinic/schema/seed'
import { PLATFORM_HOST } from './edge.ts'
import { formatFaults, walkFaults } from './fault-walk.ts'
import type { Load } from './load/load.ts'
import { sendTelemetry, type TelemetryFigures } from './load/telemetry.ts'
import { type PlatformCommand, parseCommand, USAGE, UsageError } from './options.ts'
import type { Platform } from './platform.ts'
import { startPlatform } from './start-platform.ts'

const STATUS_EVERY_MS = 5_000
const EVENTS_PER_SECOND = 100
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

async function main(command: PlatformCommand): Promise<void> {
  const stopping = new AbortController()
  for (const name of SIGNALS) process.once(name, () => stopping.abort(new Error(`Stopped by ${name}.`)))
  const beganMs = performance.now()
  const say = (words: string) => console.error(`${seconds(beganMs)}  ${words}`)

  await using platform = await startPlatform({
    phase: command.phase,
    onProgress: say,
    signal: stopping.signal,
    ...(command.patients !== undefined && { patients: command.patients }),
    ...(command.port !== undefined && { port: command.port }),
    ...(command.services && { services: command.services }),
    byHand: command.byHand,
  })
  say(`All healthy: ${platform.seeded.clinics.length} clinics, ${platform.seeded.patients} patients`)
  console.log(welcome(platform))
  const { services } = command
  const hasPages = !services || (['clinic', 'portal'] as const).every((app) => services.includes(app))
  const load =
    command.load &&
    (await platform.startLoad({ shape: command.load, pages: hasPages && command.load === 'realistic' }))
  const hasTelemetry = !command.services || command.services.includes('telemetry-api')
  const telemetry =
    load && hasTelemetry && sendTelemetry(platform, { perSecond: EVENTS_PER_SECOND, signal: stopping.signal })
  if (load && command.isBreaking) {
    // A stretch of calm first, to compare with.
    await sleep(STATUS_EVERY_MS, undefined, { signal: stopping.signal })
    const results = await walkFaults(platform, load, { onStep: say, signal: stopping.signal })
    console.log(`${formatFaults(results)}\n${rowsOf(load)}`)
  }
  await showStatus(load, stopping.signal)
  say('Stopping')
  if (load) console.log(statusOf(await load.stop()))
  if (telemetry) console.log(telemetryOf(await telemetry))
}

function welcome({ edge, secrets, phase }: Platform): string {
  const at = (name: string) => edge.url(`${name}.${PLATFORM_HOST}`)
  const rows = [
    [`Clinic ${SONNENHOF.name}`, at(`${SONNENHOF.slug}.clinic`), ANNA.email],
    [`Clinic ${LAKESIDE.name}`, at(`${LAKESIDE.slug}.clinic`), LIAM.email],
    [`${BERG.name} (dedicated)`, edge.url(BERG.domain ?? ''), GRETA.email],
    ['Portal', at('portal'), MIRA.email],
    ['Console', at('console'), OPS.email],
    ['Core API', `${at('api')}/openapi.json`, ''],
    ['Telemetry API', at('telemetry'), ''],
  ] as const
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const lines = rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  return [
    '',
    `Phase ${phase}. Password of everybody: ${secrets.demoPassword}`,
    ...lines,
    'Ctrl-C stops everything.',
    '',
  ].join('\n')
}

async function showStatus(load: Load | undefined, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const figures = load?.measure()
    await sleep(STATUS_EVERY_MS, undefined, { signal }).catch(() => {})
    if (load && figures && !signal.aborted) console.log(statusOf({ figures: figures(), rows: load.rows }))
  }
}

function statusOf({ figures, rows }: Pick<Load, 'figures' | 'rows'>): string {
  const { requests, seconds: over, p50Ms, p99Ms, errors, refused, staleReads } = figures
  return (
    `${Math.round(requests / over)} requests/s, p50 ${p50Ms} ms, p99 ${p99Ms} ms, ${errors} errors, ${refused} refused, ` +
    `${staleReads} stale reads; ${rowsOf({ rows })}`
  )
}

function telemetryOf({ told, acknowledged, repeats }: TelemetryFigures): string {
  return `${told} telemetry events told, ${acknowledged} acknowledged, ${repeats} batches sent again`
}

function rowsOf({ rows }: Pick<Load, 'rows'>): string {
  return `${rows.foreign} foreign rows of ${rows.checked} looked up`
}

function seconds(beganMs: number): string {
  return `${((performance.now() - beganMs) / 1_000).toFixed(1).padStart(6)} s`
}

try {
  const command = parseCommand(process.argv.slice(2))
  if (command === 'help') console.log(USAGE)
  else await main(command)
} catch (error) {
  const isStopped =
    error instanceof Error && (error.name === 'AbortError' || error.message.startsWith('Stopped by '))
  if (!isStopped) {
    console.error(error instanceof UsageError ? `${error.message}\n\n${USAGE}` : error)
    process.exitCode = error instanceof UsageError ? 2 : 1
  }
}
