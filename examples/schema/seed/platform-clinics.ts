import { namedUuid } from './named-uuid.ts'

/** A clinic of the platform, as the seed makes it. */
export interface PlatformClinic {
  readonly tenantId: string
  readonly slug: string
  readonly name: string
  readonly tenancy: 'shared' | 'dedicated'
  /** What the identity provider calls its users' organisation: the last part of the issuer. */
  readonly issuer: string
  /** Of the IANA database. */
  readonly timeZone: string
  /** A domain of its own, beside `<slug>.clinic.platform.localhost`. */
  readonly domain?: string
}

const BERLIN = 'Europe/Berlin'
const LONDON = 'Europe/London'
const SHARED = { tenancy: 'shared', issuer: 'shared' } as const

/** The clinics that tests and walks name. */
export const SONNENHOF: PlatformClinic = clinic('sonnenhof', 'Sonnenhof', { ...SHARED, timeZone: BERLIN })
export const LAKESIDE: PlatformClinic = clinic('lakeside', 'Lakeside', { ...SHARED, timeZone: LONDON })
export const BERG: PlatformClinic = clinic('berg', 'Praxis Berg', {
  tenancy: 'dedicated',
  issuer: 'berg',
  timeZone: BERLIN,
  domain: 'praxis-berg.localhost',
})

const OTHERS: readonly (readonly [name: string, timeZone: string])[] = [
  ['Lindenhof', BERLIN],
  ['Harbour Medical', LONDON],
  ['Am Stadtpark', BERLIN],
  ['Hillcrest', LONDON],
  ['Rheinblick', BERLIN],
  ['Old Mill', LONDON],
  ['Marktplatz', BERLIN],
  ['Northgate', LONDON],
  ['Waldfrieden', BERLIN],
  ['Riverside', LONDON],
  ['Alte Post', BERLIN],
  ['Kingsway', LONDON],
  ['Seeufer', BERLIN],
  ['Oakfield', LONDON],
  ['Brunnenhof', BERLIN],
  ['Station Road', LONDON],
  ['Am Rosengarten', BERLIN],
]

/** As many clinics as a phase has; the first three are those above. */
export function platformClinics(count: number): readonly PlatformClinic[] {
  const named = [SONNENHOF, LAKESIDE, BERG]
  return Array.from({ length: count }, (_, index) => named[index] ?? further(index - named.length))
}

/** Names come round again with a number. */
function further(index: number): PlatformClinic {
  const [name, timeZone] = OTHERS[index % OTHERS.length] ?? ['Praxis', BERLIN]
  const round = Math.floor(index / OTHERS.length)
  const numbered = round === 0 ? name : `${name} ${round + 1}`
  return clinic(numbered.toLowerCase().replaceAll(' ', '-'), numbered, { ...SHARED, timeZone })
}

function clinic(
  slug: string,
  name: string,
  facts: Omit<PlatformClinic, 'tenantId' | 'slug' | 'name'>,
): PlatformClinic {
  return Object.freeze({ tenantId: namedUuid('clinic', slug), slug, name, ...facts })
}
