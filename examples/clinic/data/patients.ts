import 'server-only'
import { sql } from 'kysely'
import { escapeLike, readCursor, writeCursor } from '../lib/cursor.ts'
import { scoped } from '../lib/scoped.ts'
import { database } from '../lib/wiring.ts'

export interface PatientRow {
  readonly id: string
  readonly chartNumber: number
  readonly givenName: string
  readonly familyName: string
  /** `1988-04-17` */
  readonly birthDate: string
}

export interface PatientPage {
  readonly patients: readonly PatientRow[]
  /** Where the next page begins. */
  readonly after: string | undefined
}

const PAGE = 20

/** `date` as text: pg would make of it a moment in the process's own time zone. */
export const PATIENT_COLUMNS = [
  'patients.id' as const,
  'chart_number as chartNumber' as const,
  'given_name as givenName' as const,
  'family_name as familyName' as const,
  sql<string>`birth_date::text`.as('birthDate'),
]

/** Patients by name, a page at a time, from a replica. */
export const findPatients: (search: string, after: string | undefined) => Promise<PatientPage> = scoped.read(
  async (words, cursor) => {
    const after = cursor === undefined ? undefined : readCursor(cursor, 3)
    const rows = await (await database())
      .current()
      .selectFrom('patients')
      .innerJoin('patient_profiles as profile', 'profile.id', 'patients.profile_id')
      .select(PATIENT_COLUMNS)
      .$if(words !== '', (query) =>
        query.where((where) =>
          where.or([
            where('family_name', 'ilike', `${escapeLike(words)}%`),
            where('given_name', 'ilike', `${escapeLike(words)}%`),
            ...(/^\d{1,9}$/.test(words) ? [where('chart_number', '=', Number(words))] : []),
          ]),
        ),
      )
      // The next page begins behind a row and not at a count: what is added meanwhile shifts nothing.
      .$if(after !== undefined, (query) => {
        const [familyName, givenName, id] = after ?? []
        return query.where(
          sql<boolean>`(family_name, given_name, patients.id::text) > (${familyName}, ${givenName}, ${id})`,
        )
      })
      .orderBy('family_name')
      .orderBy('given_name')
      .orderBy(sql`patients.id::text`)
      .limit(PAGE + 1)
      .execute()
    const patients = rows.slice(0, PAGE)
    const last = rows.length > PAGE ? patients.at(-1) : undefined
    return { patients, after: last && writeCursor([last.familyName, last.givenName, last.id]) }
  },
  { httpRoute: '/patients' },
)
