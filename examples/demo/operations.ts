import { randomUUID } from 'node:crypto'
import type { TenantAccess, TenantRow } from './tenant-access.ts'

/** One thing that a clinic's application does. */
export interface Operation {
  readonly tenantId: string
  /** How many rows a right answer has, all of this tenant. */
  readonly rows: number
  /** How many rows it adds to the database. */
  readonly inserts: number
  /** @param signature goes into what it writes, so that the rows can be found and checked afterwards */
  run(access: TenantAccess, signature: string): Promise<readonly TenantRow[]>
}

/** The day's calendar, its first page. */
export function listDay(tenantId: string, day: string, rows: number): Operation {
  return single(tenantId, rows, {
    text: `select tenant_id, id, patient_id, starts_at, minutes, status from appointments
           where starts_at >= $1 and starts_at < $1::timestamptz + interval '24 hours'
           order by starts_at limit ${DAY_PAGE}`,
    values: [day],
  })
}

/** How many appointments a page of the calendar holds. */
export const DAY_PAGE = 20

/** Somebody phones in: a patient by the number on the chart. Every clinic has a chart with that number. */
export function findPatient(tenantId: string, chartNumber: number): Operation {
  return single(tenantId, 1, {
    text: `select p.tenant_id, p.id, f.given_name, f.family_name, f.birth_date
           from patients p join patient_profiles f on (f.tenant_id, f.id) = (p.tenant_id, p.profile_id)
           where p.chart_number = $1`,
    values: [chartNumber],
  })
}

/** A doctor opens a record. */
export function readRecord(tenantId: string, recordId: string): Operation {
  return single(tenantId, 1, {
    text: 'select tenant_id, id, patient_id, recorded_at, kind, body from clinical_records where id = $1',
    values: [recordId],
  })
}

/** A new appointment. The row's tenant is the context's. */
export function book(tenantId: string, patientId: string, startsAt: string): Operation {
  return {
    tenantId,
    rows: 1,
    inserts: 1,
    run: (access, signature) =>
      access.query({
        text: `insert into appointments (patient_id, starts_at, booked_by) values ($1, $2, $3)
               returning tenant_id, id`,
        values: [patientId, startsAt, signature],
      }),
  }
}

/** The patient is at the desk. */
export function checkIn(tenantId: string, appointmentId: string): Operation {
  return single(tenantId, 1, {
    text: "update appointments set status = 'arrived' where id = $1 returning tenant_id, id",
    values: [appointmentId],
  })
}

/** A record and its line in the audit log: both or neither. */
export function writeRecord(tenantId: string, patientId: string, at: string): Operation {
  return {
    tenantId,
    rows: 2,
    inserts: 2,
    run(access, signature) {
      const id = randomUUID()
      return access.batch([
        {
          text: `insert into clinical_records (id, patient_id, recorded_at, kind, body, author)
                 values ($1, $2, $3, 'note', 'Seen today. No change.', $4) returning tenant_id, id`,
          values: [id, patientId, at, signature],
        },
        {
          text: `insert into audit_log (at, actor, action, record_id) values ($1, $2, 'write', $3)
                 returning tenant_id, id`,
          values: [at, signature, id],
        },
      ])
    },
  }
}

const LAST_WEEK = new Date('2026-12-19T00:00:00Z')

/** An appointment is moved by a week: where to depends on what was read. */
export function reschedule(tenantId: string, appointmentId: string): Operation {
  return {
    tenantId,
    rows: 2,
    inserts: 0,
    run: (access) =>
      access.transaction(async (run) => {
        const found = await run<TenantRow & { starts_at: Date }>({
          text: 'select tenant_id, id, starts_at from appointments where id = $1 for update',
          values: [appointmentId],
        })
        const [appointment] = found
        if (!appointment) return found
        const days = appointment.starts_at < LAST_WEEK ? 7 : -42
        const moved = await run({
          text: `update appointments set starts_at = starts_at + $2 * interval '24 hours' where id = $1
                 returning tenant_id, id`,
          values: [appointmentId, days],
        })
        return [...found, ...moved]
      }),
  }
}

function single(tenantId: string, rows: number, statement: { text: string; values: unknown[] }): Operation {
  return { tenantId, rows, inserts: 0, run: (access) => access.query(statement) }
}
