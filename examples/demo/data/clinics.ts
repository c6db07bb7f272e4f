import { createRandom } from './random.ts'

/** A clinic of the data set. Its patients have the chart numbers 1 to `patients`. */
export interface Clinic {
  readonly tenantId: string
  readonly name: string
  readonly patients: number
}

/** How large a data set is. */
export interface DataSize {
  readonly clinics: number
  readonly patients: number
}

/** Falls with a clinic's rank as in Zipf's law: of 60 clinics the first has a sixth of all patients, the last 0.4 %. */
const SKEW = 0.9

const places =
  'Riverside,Northgate,Old Mill,Harbour,Linden,Hillcrest,Station Road,Meadow,Lakeside,Oakfield,Kingsway,Market'
const kinds = 'Family Practice,Medical Centre,Paediatrics,Dental Care,Eye Clinic,Physiotherapy'

/** The clinics of a seed, the largest first. Their patients add up to `size.patients`. */
export function planClinics(seed: number, size: DataSize): readonly Clinic[] {
  const random = createRandom(seed, 'clinics')
  const names = places.split(',').flatMap((place) => kinds.split(',').map((kind) => `${place} ${kind}`))
  return shareOut(size).map((patients) => {
    const [name = 'Clinic'] = names.splice(random.below(names.length), 1)
    return { tenantId: drawUuid(random.hex(32)), name, patients }
  })
}

function shareOut({ clinics, patients }: DataSize): readonly number[] {
  const weights = Array.from({ length: clinics }, (_, rank) => (rank + 1) ** -SKEW)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const shares = weights.map((weight) => Math.floor((patients * weight) / total))
  const shared = shares.reduce((sum, share) => sum + share, 0)
  // What rounding left over goes to the largest.
  return shares.map((share, rank) => (rank === 0 ? share + patients - shared : share))
}

/** Version 4, as the ids that PostgreSQL makes. */
function drawUuid(hex: string): string {
  const digits = `${hex.slice(0, 12)}4${hex.slice(13, 16)}8${hex.slice(17)}`
  return digits.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5')
}
