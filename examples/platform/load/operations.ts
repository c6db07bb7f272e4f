import type { Call } from './edge-client.ts'
import type { RowOwner } from './row-check.ts'

/** Somebody who sends requests to one clinic. */
export interface Visitor {
  readonly slug: string
  readonly owner: RowOwner
  readonly accessToken: string
  /** From the last write, for reads that must see it. */
  consistencyToken: string | undefined
  /** Ids of the clinic that were answered lately. */
  readonly patients: string[]
  readonly appointments: string[]
}

/** A kind of request. */
export interface Operation {
  readonly name: string
  readonly kind: 'read' | 'write'
  /** Out of 100 requests. */
  readonly share: number
  /** Nothing where the visitor does not know enough yet. */
  call(visitor: Visitor, random: () => number): ApiCall | undefined
}

export type ApiCall = Pick<Call, 'path' | 'method' | 'body'> & {
  /** Of an app, which is asked for a page. @default the Core API's */
  readonly host?: string
  /** Where what was made can be read. */
  readonly readBack?: (id: string) => string
}

const STATUSES = ['arrived', 'done', 'missed', 'booked'] as const
const NOTES = [
  'Feels better. Blood pressure 124/78.',
  'Follow-up in two weeks.',
  'No change since the last visit; medication goes on as before.',
] as const
const NAMES = ['Ada', 'Bruno', 'Carla', 'Dario', 'Edith', 'Farid'] as const

/** What tells a visitor the ids that the others ask for. */
export const LISTS: readonly Operation[] = [
  read('list patients', 20, ({ slug }) => ({ path: `/v1/clinics/${slug}/patients?limit=25` })),
  read('appointments of the day', 15, ({ slug }) => ({ path: `/v1/clinics/${slug}/appointments` })),
]

/** What clinics do all day: 70 of 100 requests read. */
export const OPERATIONS: readonly Operation[] = [
  ...LISTS,
  read('summary', 15, ({ slug }) => ({ path: `/v1/clinics/${slug}/summary` })),
  read('one patient', 10, (visitor, random) =>
    withOne(visitor.patients, random, (id) => ({ path: `/v1/clinics/${visitor.slug}/patients/${id}` })),
  ),
  read('chart, which is logged', 10, (visitor, random) =>
    withOne(visitor.patients, random, (id) => ({
      path: `/v1/clinics/${visitor.slug}/patients/${id}/records`,
    })),
  ),
  write('status of an appointment', 12, (visitor, random) =>
    withOne(visitor.appointments, random, (id) => ({
      method: 'PATCH',
      path: `/v1/clinics/${visitor.slug}/appointments/${id}`,
      body: { status: oneOf(STATUSES, random) },
    })),
  ),
  write('new record', 9, (visitor, random) =>
    withOne(visitor.patients, random, (id) => ({
      method: 'POST',
      path: `/v1/clinics/${visitor.slug}/patients/${id}/records`,
      body: { kind: 'note', body: oneOf(NOTES, random) },
    })),
  ),
  write('new appointment', 6, (visitor, random) =>
    withOne(visitor.patients, random, (patientId) => ({
      method: 'POST',
      path: `/v1/clinics/${visitor.slug}/appointments`,
      body: { patientId, startsAt: inDays(1 + Math.floor(random() * 30)), minutes: 15 },
    })),
  ),
  write('new patient', 3, ({ slug }, random) => ({
    method: 'POST',
    path: `/v1/clinics/${slug}/patients`,
    body: { givenName: oneOf(NAMES, random), familyName: 'Neuling', birthDate: '1980-06-01' },
    readBack: (id) => `/v1/clinics/${slug}/patients/${id}`,
  })),
]

/** What a patient does: the same person at two clinics. */
export const OVERVIEW: Operation = read('own overview', 0, ({ slug }) => ({
  path: `/v1/me/clinics/${slug}/overview`,
}))

/** Draws one by the shares. */
export function drawOperation(random: () => number): Operation {
  let left = random() * OPERATIONS.reduce((sum, { share }) => sum + share, 0)
  for (const operation of OPERATIONS) {
    left -= operation.share
    if (left < 0) return operation
  }
  return OVERVIEW
}

function read(name: string, share: number, call: Operation['call']): Operation {
  return { name, kind: 'read', share, call }
}

function write(name: string, share: number, call: Operation['call']): Operation {
  return { name, kind: 'write', share, call }
}

function withOne(
  ids: readonly string[],
  random: () => number,
  make: (id: string) => ApiCall,
): ApiCall | undefined {
  return ids.length === 0 ? undefined : make(oneOf(ids, random))
}

function oneOf<T>(items: readonly T[], random: () => number): T {
  return items[Math.floor(random() * items.length)] as T
}

function inDays(days: number): string {
  const day = new Date(Date.now() + days * 86_400_000)
  day.setUTCHours(9, 0, 0, 0)
  return day.toISOString()
}
