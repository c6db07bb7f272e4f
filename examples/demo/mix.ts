import { createRandom, type Random } from './data/random.ts'
import {
  book,
  checkIn,
  findPatient,
  listDay,
  type Operation,
  readRecord,
  reschedule,
  writeRecord,
} from './operations.ts'
import type { Targets } from './targets.ts'

/** What clinics do, and of a hundred operations how many: seventy read. */
const MIX: readonly { readonly share: number; plan(targets: Targets, random: Random): Operation }[] = [
  {
    share: 35,
    plan({ clinic, days }, random) {
      const { day, rows } = pick(days, random)
      return listDay(clinic.tenantId, day, rows)
    },
  },
  {
    share: 20,
    plan: ({ clinic }, random) => findPatient(clinic.tenantId, 1 + random.below(clinic.patients)),
  },
  {
    share: 15,
    plan: ({ clinic, records }, random) => readRecord(clinic.tenantId, pick(records, random)),
  },
  {
    share: 12,
    plan: ({ clinic, patients }, random) => book(clinic.tenantId, pick(patients, random), soon(random)),
  },
  {
    share: 8,
    plan: ({ clinic, upcoming }, random) => checkIn(clinic.tenantId, pick(upcoming, random)),
  },
  {
    share: 7,
    plan: ({ clinic, patients }, random) =>
      writeRecord(clinic.tenantId, pick(patients, random), soon(random)),
  },
  {
    share: 3,
    plan: ({ clinic, upcoming }, random) => reschedule(clinic.tenantId, pick(upcoming, random)),
  },
]

/** The operations of one round: the same for the same seed and round. A clinic is as busy as it has patients. */
export function planOperations(
  seed: number,
  round: number,
  targets: readonly Targets[],
  count: number,
): readonly Operation[] {
  const random = createRandom(seed, `round ${round}`)
  const patients = targets.map(({ clinic }) => clinic.patients)
  const shares = MIX.map(({ share }) => share)
  return Array.from({ length: count }, () => {
    const clinic = targets[random.weighted(patients)]
    const kind = MIX[random.weighted(shares)]
    if (!clinic || !kind) throw new RangeError('There is no clinic to plan for.')
    return kind.plan(clinic, random)
  })
}

/** A time in November, which is the present of the data set. */
function soon(random: Random): string {
  return new Date(Date.UTC(2026, 10, 2 + random.below(26), 8, random.below(38) * 15)).toISOString()
}

function pick<Item>(items: readonly Item[], random: Random): Item {
  const item = items[random.below(items.length)]
  if (item === undefined) throw new RangeError('A clinic has nothing to ask for: load more patients.')
  return item
}
