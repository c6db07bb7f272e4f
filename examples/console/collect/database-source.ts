import type { AuditOptions } from 'leasehold/rls'
import pg from 'pg'
import { readFindings } from './audit-findings.ts'
import { readClinics, readPatientEstimate } from './clinics.ts'
import { readMonths } from './months.ts'
import type { ClinicName, DatabaseReading, Reading } from './observation.ts'
import { readingOf } from './reading.ts'
import { readServerState } from './server-state.ts'

/** One database server, as an operator may see it. */
export interface DatabaseSource {
  readonly name: string
  read(): Promise<DatabaseReading>
  /** The clinics by name, and about how many patients they have. */
  readDirectory(): Promise<{
    readonly clinics: Reading<readonly ClinicName[]>
    readonly patients: Reading<number>
  }>
  close(): Promise<void>
}

const LIMIT_MS = 3_000
/** Catalogs change when somebody migrates; nobody waits for these. */
const MONTHS_EVERY_MS = 15_000
const DIRECTORY_EVERY_MS = 15_000
const AUDIT_EVERY_MS = 60_000

/** Opens nothing yet. Whatever is asked, the session is one that can change nothing. */
export function databaseSource(name: string, connectionString: string, audit: AuditOptions): DatabaseSource {
  const pool = new pg.Pool({
    connectionString,
    max: 2,
    application_name: 'clinic-console',
    connectionTimeoutMillis: LIMIT_MS,
    query_timeout: LIMIT_MS * 2,
    statement_timeout: LIMIT_MS,
    lock_timeout: 1_000,
    options: '-c default_transaction_read_only=on -c timezone=UTC -c datestyle=ISO',
  })
  // An idle connection that is lost leaves the pool by itself; without a listener the event would end the process.
  pool.on('error', () => {})

  const asking = <T>(read: (client: pg.ClientBase) => Promise<T>) =>
    readingOf(async () => {
      const client = await pool.connect()
      let failure: unknown
      try {
        return await read(client)
      } catch (error) {
        failure = error
        throw error
      } finally {
        client.release(failure !== undefined)
      }
    })
  const months = every(MONTHS_EVERY_MS, () => asking(readMonths))
  const findings = every(AUDIT_EVERY_MS, () => asking((client) => readFindings(client, audit)))
  const clinics = every(DIRECTORY_EVERY_MS, () => asking(readClinics))
  const patients = every(DIRECTORY_EVERY_MS, () => asking(readPatientEstimate))

  return {
    name,
    async read() {
      const [server, allMonths, allFindings] = await Promise.all([
        asking(readServerState),
        months(),
        findings(),
      ])
      return { name, server, months: allMonths, findings: allFindings }
    },
    async readDirectory() {
      const [allClinics, estimate] = await Promise.all([clinics(), patients()])
      return { clinics: allClinics, patients: estimate }
    },
    close: () => pool.end(),
  }
}

/** Asks once in a while, and sooner after a failure; in between answers what was said last. */
function every<T>(everyMs: number, ask: () => Promise<Reading<T>>): () => Promise<Reading<T>> {
  let last: Promise<Reading<T>> | undefined
  let askedAtMs = 0
  return async () => {
    const known = await last
    const isOld = performance.now() - askedAtMs > (known?.ok ? everyMs : RETRY_MS)
    if (!last || isOld) {
      askedAtMs = performance.now()
      last = ask()
    }
    return last
  }
}

const RETRY_MS = 2_000
