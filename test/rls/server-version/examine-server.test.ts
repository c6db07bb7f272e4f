import { describe, expect, it } from 'vitest'
import { examineServer } from '../../../src/rls/server-version/examine-server.ts'
import { explainMissingFix, explainVersion } from '../../../src/rls/server-version/explain.ts'

const NOW = new Date('2026-11-22T12:00:00Z')

describe('the examination of a server', () => {
  it('finds nothing in the newest minor of a supported major', () => {
    const report = examineServer({ version: '15.20 (Debian 15.20-0+deb12u1)', versionNumber: 150_020 }, NOW)
    expect(report).toMatchObject({ missing: [], isSupported: true, major: '15' })
    expect(explainVersion(report)).toBeUndefined()
  })

  it('names each open hole with what it lets happen and where it is closed', () => {
    const report = examineServer({ version: '18.6', versionNumber: 180_006 }, NOW)
    const explained = report.missing.map((missing) => explainMissingFix(missing, report.version))
    expect(explained[0]?.message).toMatch(
      /^CVE-2026-120154 is open in PostgreSQL 18\.6\. INSERT \.\.\. ON CONFLICT/,
    )
    expect(explained.map(({ fix }) => fix)).toEqual(
      explained.map(() => expect.stringContaining('PostgreSQL 18.7 or later')),
    )
    expect(explained).toHaveLength(4)
  })

  it('says of a major that is out of support so, from the day after its last release', () => {
    const at = (now: string) => examineServer({ version: '14.25', versionNumber: 140_025 }, new Date(now))
    expect(explainVersion(at('2026-11-12T20:00:00Z'))).toBeUndefined()
    expect(explainVersion(at('2026-11-13T00:00:00Z'))?.message).toMatch(/^PostgreSQL 14 is out of support/)
  })

  it('takes a major before the table for out of support, and one after it for supported', () => {
    expect(examineServer({ version: '13.23', versionNumber: 130_023 }, NOW).isSupported).toBe(false)
    expect(examineServer({ version: '9.6.24', versionNumber: 90_624 }, NOW).isSupported).toBe(false)
    expect(examineServer({ version: '19.0', versionNumber: 190_000 }, NOW).isSupported).toBe(true)
  })

  it('tells of a pre-release that nobody knows, rather than that nothing is missing', () => {
    const report = examineServer({ version: '19beta3', versionNumber: 190_000 }, NOW)
    expect(report.missing).toEqual([])
    expect(explainVersion(report)?.message).toMatch(/it is a pre-release \(beta3\)/)
  })

  it('believes neither the text nor the number when they differ', () => {
    const report = examineServer({ version: '16.4', versionNumber: 150_002 }, NOW)
    expect(report.missing).toEqual([])
    expect(explainVersion(report)?.message).toMatch(/its number is 150002/)
  })
})
