import { RlsNotEnforcedError } from '../../errors/rls.ts'
import { printable } from '../report/printable.ts'
import { quoteName } from '../sql/quote.ts'

/**
 * Makes sure that work across tenants has a login role of its own: one that the application has too could be used by whoever can
 * inject SQL there.
 *
 * @throws {RlsNotEnforcedError}
 */
export function verifyApart(applicationRole: string, systemRole: string): void {
  if (applicationRole !== systemRole) return
  throw new RlsNotEnforcedError([
    {
      cause: `The pools \`primary\` and \`system\` log in as the same role, ${printable(quoteName(systemRole))}.`,
      fix: 'Give `system` a login role of its own, that the application’s is no member of.',
    },
  ])
}
