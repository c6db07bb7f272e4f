import type { Claims } from './token/claims.ts'

/** The settings beside the tenant that the policies of `examples/schema/platform` read: the option `settings` of `createLeasehold`. */
export const SETTINGS: readonly ['app.user_id', 'app.person_id'] = ['app.user_id', 'app.person_id']

/** What staff have as `app.person_id`. Without a value the policies show nothing, so nobody is taken for staff by an omission. */
const ANY_PERSON = 'any'

/**
 * What the policies are to know of somebody: who it is, for the audit log, and whose rows they may see. A patient sees one person's;
 * staff see every person's of their clinic; an operator nobody's.
 */
export function settingsOf(claims: Claims): Readonly<Record<(typeof SETTINGS)[number], string>> {
  const persons = { staff: ANY_PERSON, patient: 'person' in claims ? claims.person : '', operator: '' }
  return { 'app.user_id': claims.sub, 'app.person_id': persons[claims.role] }
}
