import { type Kysely, sql } from 'kysely'
import type { Database, RecordKind } from './database.ts'

/** An entry of a chart. */
export interface ChartRecord {
  readonly id: string
  readonly recordedAt: Date
  readonly kind: RecordKind
  readonly body: string
  readonly author: string
}

/** A patient, and the latest entries of the chart, newest first. */
export interface Chart {
  readonly patientId: string
  readonly records: readonly ChartRecord[]
}

/** Entries of one read. Each is a row of the audit log. */
const MOST = 200

/**
 * Reads a chart, and writes into the audit log that it was read: a row for the chart, also when it is empty, and one for each entry.
 * The only place that reads `clinical_records`.
 *
 * One statement does both, so there is one snapshot: what is handed out is what was logged, to the row. It is one transaction, and its
 * rows reach the caller after its commit: nothing is read that was not logged, and where the log cannot be written, nothing is read.
 * A statement of its own for the log would leave a gap: in READ COMMITTED an entry that is added between the two is shown and
 * not logged.
 *
 * @param writer a handle that may write, on the primary: `db.tenant(id, { settings })`, in a GET too, where `db.current()` reads only.
 *   `app.user_id` of its settings is who reads
 * @returns nothing for a patient who is not there, or not to be seen
 */
export async function readChart(writer: Kysely<Database>, patientId: string): Promise<Chart | undefined> {
  const rows = await writer
    .with('chart', (with_) => with_.selectFrom('patients').select('id').where('id', '=', patientId))
    .with('entry', (with_) =>
      with_
        .selectFrom('clinical_records')
        .innerJoin('chart', 'chart.id', 'clinical_records.patient_id')
        .select(['clinical_records.id', 'recorded_at', 'kind', 'body', 'author'])
        .orderBy('recorded_at', 'desc')
        .orderBy('clinical_records.id')
        .limit(MOST),
    )
    // A statement that writes in WITH is always run to its end, whatever the rest asks of it.
    .with('logged', (with_) =>
      with_
        .insertInto('audit_log')
        .columns(['actor', 'action', 'record_id'])
        .expression((read) =>
          read
            .selectFrom('chart')
            .select([ACTOR, READ, 'chart.id as record_id'])
            .unionAll(read.selectFrom('entry').select([ACTOR, READ, 'entry.id as record_id'])),
        ),
    )
    .selectFrom('chart')
    .leftJoin('entry', (join) => join.onTrue())
    .select([
      'chart.id as patientId',
      'entry.id',
      'entry.recorded_at',
      'entry.kind',
      'entry.body',
      'entry.author',
    ])
    .orderBy('entry.recorded_at', 'desc')
    .orderBy('entry.id')
    .execute()
  const [first] = rows
  return (
    first && { patientId: first.patientId, records: rows.flatMap(({ patientId: _, ...row }) => entryOf(row)) }
  )
}

const ACTOR = sql<string>`current_setting('app.user_id')`.as('actor')
const READ = sql<'read'>`'read'`.as('action')

type Entry = { [Column in 'id' | 'recorded_at' | 'kind' | 'body' | 'author']: unknown }

/** Of a chart without entries the outer join leaves one row without any. */
function entryOf(row: Entry): readonly ChartRecord[] {
  if (row.id === null) return []
  const { recorded_at, ...rest } = row
  return [{ ...rest, recordedAt: recorded_at } as ChartRecord]
}
