import type { RlsGap } from '../../errors/rls.ts'
import { printable } from '../report/printable.ts'
import { quoteName } from '../sql/quote.ts'
import type { ReachedRole, RoleReport } from './role-report.ts'

/** What makes a role one that policies do not hold, and what ends that where it is the login role itself. */
interface Power {
  readonly what: string
  readonly fix: string
}

/** Why row security does not hold for the sessions of a pool; nothing where it does. */
export function roleGaps(report: RoleReport): readonly RlsGap[] {
  const gaps = report.reached.flatMap((role) => gapsOf(role, report))
  return report.rowSecurity ? gaps : [...gaps, rowSecurityOff(report)]
}

function gapsOf(role: ReachedRole, report: RoleReport): readonly RlsGap[] {
  const powers = powersOf(role)
  const login = `The application logs in as ${shown(report.loginRole)}`
  if (role.via === null) {
    const who = role.name === report.loginRole ? login : `${login}, whose sessions run as ${shown(role.name)}`
    return powers.map(({ what, fix }) => ({ cause: `${who}, which ${what}.`, fix }))
  }
  if (powers.length === 0) return []
  const chain = chainTo(role, report.reached).map(shown).join(' -> ')
  const what = powers.map((power) => power.what).join(', and ')
  return [
    {
      cause: `${login}, which can act as ${shown(role.name)} by membership (${chain}), and that role ${what}.`,
      fix: `revoke ${shown(role.name)} from ${shown(role.via)};`,
    },
  ]
}

/** A superuser may do everything, so that nothing else needs to be said of it. */
function powersOf(role: ReachedRole): readonly Power[] {
  const name = shown(role.name)
  if (role.superuser) {
    return [
      {
        what: 'is a superuser, for whom PostgreSQL applies no policy',
        fix: `Log in as a role of the application's own, made by: create role app login nosuperuser nobypassrls;`,
      },
    ]
  }
  const powers: Power[] = []
  if (role.bypassesRls) {
    powers.push({
      what: 'has BYPASSRLS, so that PostgreSQL applies no policy to it',
      fix: `alter role ${name} nobypassrls;`,
    })
  }
  if (role.ownedCount > 0) {
    const first = role.owned.map(printable)
    const more = role.ownedCount > first.length ? ` and ${role.ownedCount - first.length} more` : ''
    powers.push({
      what: `owns ${first.join(', ')}${more}, and an owner can turn row security off, which without FORCE does not even hold for it`,
      fix: `alter table ${first[0]} owner to a role that nobody logs in as, ${more ? 'and the others too, ' : ''}and grant ${name} what it needs.`,
    })
  }
  if (role.takesRoles) {
    powers.push({
      what: 'has CREATEROLE, with which it can make itself a member of every role that is no superuser',
      fix: `alter role ${name} nocreaterole;`,
    })
  }
  return powers
}

function rowSecurityOff({ currentRole }: RoleReport): RlsGap {
  return {
    cause: 'Sessions begin with row_security off, with which every query that a policy would narrow fails.',
    fix: `alter role ${shown(currentRole)} reset row_security; and the same for the database, and take it out of the connection's options.`,
  }
}

/** The roles from the session's own to this one, each a member of the next. */
function chainTo(role: ReachedRole, reached: readonly ReachedRole[]): readonly string[] {
  const chain = [role.name]
  for (let via = role.via; via !== null; via = reached.find(({ name }) => name === via)?.via ?? null) {
    chain.unshift(via)
  }
  return chain
}

function shown(name: string): string {
  return printable(quoteName(name))
}
