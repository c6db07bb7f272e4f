import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { ServerAddress } from '../../../src/testing/index.ts'
import type { Program } from '../../../src/testing/rig/provision/program.ts'

/** One run of pgbench. */
export interface PgbenchRun {
  readonly program: Program
  readonly scriptFile: string
  readonly variables: Readonly<Record<string, string>>
  readonly address: ServerAddress
  readonly connections: number
  readonly threads: number
  /** pgbench takes whole seconds. */
  readonly seconds: number
}

/** What it did. */
export interface PgbenchFigures {
  readonly transactions: number
  /** Without the time that connecting took. */
  readonly perSecond: number
}

const GRACE_MS = 30_000

/** @throws with what pgbench said when a transaction failed, or it printed no figures */
export async function runPgbench(run: PgbenchRun): Promise<PgbenchFigures> {
  const { program, scriptFile, variables, address, connections, threads, seconds } = run
  const defines = Object.entries(variables).flatMap(([name, value]) => ['--define', `${name}=${value}`])
  const args = [
    ...program.args,
    '--no-vacuum',
    '--protocol=prepared',
    `--file=${scriptFile}`,
    `--client=${connections}`,
    `--jobs=${threads}`,
    `--time=${seconds}`,
    ...defines,
    `--host=${address.host}`,
    `--port=${address.port}`,
    '--username=app',
    'postgres',
  ]
  const { stdout } = await promisify(execFile)(program.command, args, {
    env: { ...process.env, ...program.env },
    timeout: seconds * 1_000 + GRACE_MS,
  })
  return readFigures(stdout)
}

/** @throws when a transaction failed, or there are no figures */
export function readFigures(stdout: string): PgbenchFigures {
  const transactions = Number(/^number of transactions actually processed: (\d+)/m.exec(stdout)?.[1])
  const perSecond = Number(/^tps = ([\d.]+) \(without initial connection time\)/m.exec(stdout)?.[1])
  const failed = Number(/^number of failed transactions: (\d+)/m.exec(stdout)?.[1] ?? 0)
  if (transactions > 0 && perSecond > 0 && failed === 0) return { transactions, perSecond }
  throw new Error(`pgbench did not do its work:\n${stdout}`)
}
