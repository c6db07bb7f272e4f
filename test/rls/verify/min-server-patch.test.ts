import { describe, expect, it } from 'vitest'
import { RlsNotEnforcedError } from '../../../src/errors/rls.ts'
import type { RoleReport } from '../../../src/rls/verify/role-report.ts'
import { judgeRole } from '../../../src/rls/verify/verify-role.ts'

const NOW = new Date('2026-12-01')

function on(version: string, versionNumber: number, minServerPatch: 'warn' | 'refuse') {
  const server = { version, versionNumber }
  const report: RoleReport = { loginRole: 'app', currentRole: 'app', server, rowSecurity: true, reached: [] }
  return () => judgeRole(report, { tenantColumn: 'tenant_id', minServerPatch }, NOW)
}

describe("minServerPatch: 'refuse'", () => {
  it.each([
    ['19beta1', 190_000],
    ['16.9-YB-2.25.1.0', 160_009],
    ['18.9', 170_002],
    ['', 0],
  ])('refuses a server of which nobody can tell what was mended: %j, %i', (version, number) => {
    expect(on(version, number, 'refuse')).toThrow(RlsNotEnforcedError)
    expect(on(version, number, 'refuse')).toThrow(/which holes in row security/)
    expect(on(version, number, 'warn')).not.toThrow()
  })

  it('refuses one that lacks a fix, and accepts one that has them all', () => {
    expect(on('18.6', 180_006, 'refuse')).toThrow(/CVE-2026-120154/)
    expect(on('18.6', 180_006, 'warn')()).toMatchObject({ holes: { fix: expect.any(String) } })
    expect(on('18.7', 180_007, 'refuse')()).toEqual({ loginRole: 'app', holes: undefined })
  })
})
