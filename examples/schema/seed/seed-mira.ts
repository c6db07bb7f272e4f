import type { ClientBase } from 'pg'
import { MIRA } from './cast.ts'
import { namedUuid } from './named-uuid.ts'
import type { PlatformClinic } from './platform-clinics.ts'

/** What each of her clinics has written, and the other cannot see. */
const CHARTS: Readonly<Record<string, { readonly note: string; readonly prescription: string }>> = {
  sonnenhof: {
    note: 'Hay fever since early March, mainly birch. Eyes itching, no shortness of breath.',
    prescription: 'Cetirizine 10 mg, one tablet in the evening until June, 100 tablets.',
  },
  lakeside: {
    note: 'Knee pain after running, left, for two weeks. No effusion. Physiotherapy six times.',
    prescription: 'Ibuprofen 400 mg, up to three a day for five days, 20 tablets.',
  },
}

/** The id of Mira's chart at a clinic: the `patients.id` there. */
export function miraAt(clinic: Pick<PlatformClinic, 'slug'>): string {
  return namedUuid('patient', MIRA.email, clinic.slug)
}

/** The patient who is known to two clinics, with a chart at each. */
export async function seedMira(
  admin: ClientBase,
  clinics: readonly PlatformClinic[],
  today: string,
): Promise<void> {
  for (const { tenantId, slug, timeZone } of clinics.filter(({ tenantId }) =>
    MIRA.clinics.includes(tenantId),
  )) {
    const profile = namedUuid('profile', MIRA.email, slug)
    const chart = CHARTS[slug]
    await admin.query(
      `insert into patient_profiles (tenant_id, id, person_id, given_name, family_name, birth_date)
       values ($1, $2, $3, $4, $5, $6)`,
      [tenantId, profile, MIRA.personId, MIRA.givenName, MIRA.familyName, MIRA.birthDate],
    )
    await admin.query(
      `insert into patients (tenant_id, id, profile_id, chart_number, registered_on)
       select $1, $2, $3, max(chart_number) + 1, $4::date - 400 from patients where tenant_id = $1`,
      [tenantId, miraAt({ slug }), profile, today],
    )
    await admin.query(
      `insert into appointments (tenant_id, id, patient_id, starts_at, minutes, status, booked_by)
       select $1, id, $2, ($3::date + days + at) at time zone $4, 20, status, 'Mira Vogel'
       from (values ($5::uuid, -21, time '09:30', 'done'), ($6::uuid, 0, time '16:10', 'booked'), ($7::uuid, 12, time '10:20', 'booked'))
         as appointment (id, days, at, status)`,
      [
        tenantId,
        miraAt({ slug }),
        today,
        timeZone,
        ...['past', 'today', 'next'].map((at) => namedUuid('appointment', slug, at)),
      ],
    )
    await admin.query(
      `insert into clinical_records (tenant_id, id, patient_id, recorded_at, kind, body, author)
       select $1, id, $2, $3::date - interval '21 days' + interval '10 hours', kind, body, 'Dr. Ruth Adler'
       from unnest($4::uuid[], $5::text[], $6::text[]) as record (id, kind, body)`,
      [
        tenantId,
        miraAt({ slug }),
        today,
        [namedUuid('record', slug, 'note'), namedUuid('record', slug, 'prescription')],
        ['note', 'prescription'],
        [chart?.note, chart?.prescription],
      ],
    )
  }
}
