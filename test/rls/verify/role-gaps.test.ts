import { describe, expect, it } from 'vitest'
import { RlsNotEnforcedError } from '../../../src/errors/rls.ts'
import { roleGaps } from '../../../src/rls/verify/role-gaps.ts'
import type { ReachedRole, RoleReport } from '../../../src/rls/verify/role-report.ts'

const harmless: ReachedRole = {
  name: 'app',
  via: null,
  superuser: false,
  bypassesRls: false,
  takesRoles: false,
  ownedCount: 0,
  owned: [],
}
const report = (...reached: Partial<ReachedRole>[]): RoleReport => ({
  loginRole: 'app',
  currentRole: 'app',
  server: { version: '18.4', versionNumber: 180_004 },
  rowSecurity: true,
  reached: reached.map((role) => ({ ...harmless, ...role })),
})

describe('why row security does not hold', () => {
  it('has nothing to say of a role that can do nothing past it, nor of one that it is a member of', () => {
    expect(roleGaps(report({}, { name: 'staff', via: 'app' }))).toEqual([])
  })

  it('says nothing but that of a superuser, who can do everything', () => {
    const gaps = roleGaps(report({ superuser: true, bypassesRls: true, takesRoles: true, ownedCount: 3 }))
    expect(gaps).toHaveLength(1)
  })

  it('names the first tables that a role owns, and counts the others', () => {
    const owned = ['public.a', 'public.b', 'public.c']
    const [few] = roleGaps(report({ ownedCount: 3, owned }))
    expect(few?.cause).toContain('owns public.a, public.b, public.c, and')
    const [many] = roleGaps(report({ ownedCount: 40, owned }))
    expect(many?.cause).toContain('owns public.a, public.b, public.c and 37 more, and')
    expect(many?.fix).toContain('and the others too')
  })

  it('names the role that could make itself a member of others, before PostgreSQL 16', () => {
    expect(roleGaps(report({ takesRoles: true }))).toEqual([
      { cause: expect.stringContaining('CREATEROLE'), fix: 'alter role "app" nocreaterole;' },
    ])
  })

  it('says in one sentence all that a role can do that another is a member of', () => {
    const [gap, ...more] = roleGaps(
      report({}, { name: 'ops', via: 'app', bypassesRls: true, ownedCount: 1, owned: ['public.a'] }),
    )
    expect(more).toEqual([])
    expect(gap?.cause).toMatch(/"app" -> "ops".*BYPASSRLS.*owns public\.a/)
    expect(gap?.fix).toBe('revoke "ops" from "app";')
  })

  it('is in the message of the error, each cause with its fix, and cannot be changed', () => {
    const gaps = roleGaps(report({ bypassesRls: true, ownedCount: 1, owned: ['public.a'] }))
    const error = new RlsNotEnforcedError(gaps)
    for (const { cause, fix } of gaps) expect(error.message).toContain(`\n- ${cause}\n  Fix: ${fix}`)
    expect(error.causes).toEqual(gaps)
    expect(Object.isFrozen(error.causes) && error.causes.every(Object.isFrozen)).toBe(true)
  })
})
