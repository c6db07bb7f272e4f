import { CLINIC_HOST, PORTAL_HOST } from '../visit.ts'
import type { Operation } from './operations.ts'

/** Of all reads: those of people at a browser. The others are of programs, at the Core API. */
const PAGE_SHARE = 0.3

const CLINIC_PAGES: readonly Operation[] = [
  page('page: the day', ({ slug }) => ({ host: CLINIC_HOST(slug), path: '/' })),
  page('page: patients', ({ slug }) => ({ host: CLINIC_HOST(slug), path: '/patients' })),
  page('page: chart, which is logged', ({ slug, patients }, random) => {
    const id = patients[Math.floor(random() * patients.length)]
    return id === undefined ? undefined : { host: CLINIC_HOST(slug), path: `/patients/${id}` }
  }),
]

const PORTAL_PAGE = page('page: own clinic', ({ slug }) => ({ host: PORTAL_HOST, path: `/clinics/${slug}` }))

/** Has some reads be of pages, by whoever is signed in there. A read stays a read, so the share of reads stays what it is. */
export function orPage(drawn: Operation, isPatient: boolean, random: () => number): Operation {
  if (drawn.kind === 'write' || random() >= PAGE_SHARE) return drawn
  return isPatient ? PORTAL_PAGE : (CLINIC_PAGES[Math.floor(random() * CLINIC_PAGES.length)] ?? drawn)
}

function page(name: string, call: Operation['call']): Operation {
  return { name, kind: 'read', share: 0, call }
}
