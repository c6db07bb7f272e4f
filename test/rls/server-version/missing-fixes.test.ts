import { describe, expect, it } from 'vitest'
import { ROW_SECURITY_CVES } from '../../../src/rls/server-version/cves.ts'
import { missingFixes } from '../../../src/rls/server-version/missing-fixes.ts'
import { fromVersionNumber, parseServerVersion } from '../../../src/rls/server-version/server-version.ts'

/** `server_version_num` of a release, as PostgreSQL computes it, apart from the code under test. */
function numberOf(text: string): number {
  const [a = 0, b = 0, c = 0] = text.split('.').map(Number)
  return a >= 10 ? a * 10_000 + b : a * 10_000 + b * 100 + c
}

const idsAt = (number: number) => missingFixes(number).map(({ cve }) => cve.id)

const fixes = ROW_SECURITY_CVES.flatMap(({ id, fixedIn }) => fixedIn.map((release) => ({ id, release })))

describe.each(fixes)('$id', ({ id, release }) => {
  const number = numberOf(release)

  it(`is open one minor below ${release}, and closed from there`, () => {
    expect(missingFixes(number - 1).find(({ cve }) => cve.id === id)).toMatchObject({ fixedIn: release })
    expect(idsAt(number)).not.toContain(id)
    expect(idsAt(number + 1)).not.toContain(id)
  })
})

describe('the table', () => {
  it('names each hole once, the newest first', () => {
    const ids = ROW_SECURITY_CVES.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    const days = ROW_SECURITY_CVES.map(({ published }) => published)
    expect(days).toEqual([...days].sort().reverse())
    for (const day of days) expect(new Date(day).toISOString().slice(0, 10)).toBe(day)
  })

  it('names each major of a hole once, with a minor that PostgreSQL released', () => {
    for (const { fixedIn } of ROW_SECURITY_CVES) {
      const majors = fixedIn.map((text) => fromVersionNumber(numberOf(text)).major)
      expect(new Set(majors).size).toBe(majors.length)
      for (const text of fixedIn) expect(parseServerVersion(text)).toMatchObject({ kind: 'release' })
      // Wrapped and never released.
      expect(fixedIn).not.toContain('18.5')
    }
  })

  it('ends each hole with one sentence', () => {
    for (const { lets } of ROW_SECURITY_CVES) expect(lets).toMatch(/^[A-Z].*[^.]\.$/)
  })
})

describe('missing fixes', () => {
  it('are none in the newest minors', () => {
    for (const release of ['18.7', '17.12', '16.16', '15.20', '14.25']) {
      expect(idsAt(numberOf(release))).toEqual([])
    }
  })

  it('are none in a major that is newer than the table', () => {
    expect(idsAt(190_000)).toEqual([])
    expect(idsAt(230_004)).toEqual([])
  })

  it('are in a major that came after a hole was closed only the later ones', () => {
    expect(idsAt(180_000)).not.toContain('CVE-2025-8713')
    expect(idsAt(180_000)).toContain('CVE-2025-12817')
    expect(idsAt(170_000)).not.toContain('CVE-2024-7348')
    expect(idsAt(170_000)).toContain('CVE-2024-10976')
  })

  it('stay open for good in a major that was out of support', () => {
    const found = missingFixes(numberOf('12.22')).find(({ cve }) => cve.id === 'CVE-2026-120154')
    expect(found).toMatchObject({ fixedIn: undefined })
    expect(idsAt(numberOf('12.22'))).not.toContain('CVE-2024-10976')
    expect(idsAt(numberOf('9.6.24'))).toContain('CVE-2023-2455')
  })

  it('are none of what a major never had', () => {
    expect(idsAt(numberOf('14.0'))).not.toContain('CVE-2023-39418') // MERGE came with 15
    expect(idsAt(numberOf('15.0'))).toContain('CVE-2023-39418')
    expect(idsAt(numberOf('10.0'))).not.toContain('CVE-2021-3393')
    expect(idsAt(90_426)).toEqual([]) // no row security before 9.5
  })
})
