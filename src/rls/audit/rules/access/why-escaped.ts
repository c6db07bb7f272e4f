import { quoteName } from '../../../sql/quote.ts'
import type { EscapeRow } from './run-as.ts'

/** Says in a clause why a role sees more of a table than the policies give the login role. */
export function whyEscaped({ cause, runner, table, policy }: EscapeRow): string {
  switch (cause) {
    case 'superuser':
      return `${quoteName(runner)} is a superuser, for whom PostgreSQL applies no policy`
    case 'bypassrls':
      return `${quoteName(runner)} has BYPASSRLS, so that PostgreSQL applies no policy`
    case 'owner':
      return `${quoteName(runner)} has the rights of the table's owner, for whom PostgreSQL applies no policy, as row security is not forced on ${table}`
    case 'policy':
      return `the policy ${quoteName(policy ?? '')} of ${table} lets ${quoteName(runner)} see what those for the application do not`
    case 'partition':
      return `${table} is a partition without row security, and the policies of its parent do not hold for who names it`
    case 'blind':
      return `no policy of ${table} lets ${quoteName(runner)} see anything`
  }
}
