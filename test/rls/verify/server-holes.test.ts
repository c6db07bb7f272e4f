import { describe, expect, it } from 'vitest'
import { ROW_SECURITY_CVES } from '../../../src/rls/server-version/cves.ts'
import { serverHoles, unreadableVersion } from '../../../src/rls/verify/server-holes.ts'

const NOW = new Date('2026-12-01')

describe('the holes in row security of a server', () => {
  it('are none where it has every fix, and where nobody can say', () => {
    expect(serverHoles({ version: '18.9', versionNumber: 180_009 }, NOW)).toBeUndefined()
    expect(serverHoles({ version: '19beta1', versionNumber: 190_000 }, NOW)).toBeUndefined()
  })

  it('are named with the release of its own major that closes all of them', () => {
    const holes = serverHoles({ version: '15.18 (Debian 15.18-1.pgdg120+1)', versionNumber: 150_018 }, NOW)
    expect(holes).toEqual({
      cause: expect.stringMatching(/^PostgreSQL 15\.18 \(Debian .*\) lacks .*CVE-2026-120154/),
      fix: 'Update the server to 15.20 or later.',
      cves: expect.arrayContaining(['CVE-2026-120154', 'CVE-2026-14666']),
    })
    for (const id of holes?.cves ?? []) expect(holes?.cause).toContain(id)
  })

  it('have no update where the major is out of support', () => {
    expect(serverHoles({ version: '11.22', versionNumber: 110_022 }, NOW)?.fix).toContain(
      'Upgrade the server',
    )
  })

  it('do not count what opens only what lies beside row security', () => {
    const beside = ROW_SECURITY_CVES.filter(({ isAdjacent }) => isAdjacent).map(({ id }) => id)
    expect(beside).not.toEqual([])
    const oldest = serverHoles({ version: '10.0', versionNumber: 100_000 }, NOW)
    for (const id of beside) expect(oldest?.cves).not.toContain(id)
  })
})

describe('a version from which nobody can tell the holes', () => {
  it.each([
    ['a pre-release', { version: '19beta1', versionNumber: 190_000 }],
    ['one whose number says something else', { version: '18.9', versionNumber: 180_001 }],
    ['a fork with numbers of its own', { version: '16.9-YB-2.25.1.0', versionNumber: 160_009 }],
    ['one that RDS mends by itself', { version: '11.22-rds.20260101', versionNumber: 110_022 }],
    ['one that names no minor', { version: 'devel', versionNumber: 0 }],
  ])('is told: %s', (_what, server) => {
    expect(unreadableVersion(server, NOW)).toEqual({
      cause: expect.stringContaining(`"${server.version}"`),
      fix: expect.stringContaining("minServerPatch: 'warn'"),
    })
  })

  it('is none of a release, whatever it lacks', () => {
    expect(unreadableVersion({ version: '18.9', versionNumber: 180_009 }, NOW)).toBeUndefined()
    expect(
      unreadableVersion({ version: '15.18 (Debian 15.18-1)', versionNumber: 150_018 }, NOW),
    ).toBeUndefined()
  })
})
