import { describe, expect, it } from 'vitest'
import { fromVersionNumber, parseServerVersion } from '../../../src/rls/server-version/server-version.ts'

const RELEASES: readonly (readonly [from: string, text: string, major: string, minor: number])[] = [
  ['source', '18.4', '18', 4],
  ['source, long ago', '9.6.24', '9.6', 24],
  ['version()', 'PostgreSQL 17.12 on x86_64-pc-linux-gnu, compiled by gcc (GCC) 12.2.0, 64-bit', '17', 12],
  ['Debian', '15.18 (Debian 15.18-1.pgdg120+1)', '15', 18],
  ['Ubuntu', '16.16 (Ubuntu 16.16-0ubuntu0.24.04.1)', '16', 16],
  ['Homebrew', '14.5 (Homebrew)', '14', 5],
  ['Amazon RDS', '16.4-R2', '16', 4],
  ['aurora_version()', '16.4.2', '16', 4],
  ['Cloud SQL, the server', '15.7', '15', 7],
  ['Cloud SQL, the API', 'POSTGRES_15_7.R20240514.00_12', '15', 7],
  ['Azure', 'PostgreSQL 16.4 on x86_64-pc-linux-gnu, compiled by gcc (GCC) 11.2.0, 64-bit', '16', 4],
  ['EDB', '16.4.1', '16', 4],
  ['EDB, version()', 'PostgreSQL 16.4 (EnterpriseDB Advanced Server 16.4.1) on x86_64-pc-linux-gnu', '16', 4],
  ['Percona', '17.5 - Percona Server for PostgreSQL 17.5.2', '17', 5],
  ['Neon', '16.9 (178c8cf)', '16', 9],
]

const UNCLEAR: readonly (readonly [from: string, text: string, major: string | undefined, reason: RegExp])[] =
  [
    ['a beta', '19beta3', '19', /pre-release \(beta3\)/],
    ['a packaged beta', '18beta1 (Debian 18~beta1-1.pgdg130+1)', '18', /pre-release \(beta1\)/],
    ['a release candidate', '18rc1', '18', /pre-release \(rc1\)/],
    ['a development version', '20devel', '20', /pre-release \(devel\)/],
    ['RDS Extended Support', '11.22-rds.20240509', '11', /Extended Support/],
    ['an old aurora_version()', '4.2.1', undefined, /names no minor release/],
    ['Cloud SQL without a minor', 'POSTGRES_15', undefined, /names no minor release/],
    ['a major alone', '16', undefined, /names no minor release/],
    ['YugabyteDB', '15.2-YB-2.25.0.0-b0', '15', /not numbered/],
    ['an image of Supabase', '15.8.1.085', '15', /not numbered/],
    ['another server', '8.0.36', undefined, /names no minor release/],
    ['a number too many', '16.123', '16', /not numbered/],
    ['nothing', '', undefined, /names no minor release/],
    ['no version', 'unknown', undefined, /names no minor release/],
  ]

describe('a server version', () => {
  it.each(RELEASES)('of %s is read: %s', (_from, text, major, minor) => {
    expect(parseServerVersion(text)).toEqual({ kind: 'release', major, minor })
  })

  it.each(UNCLEAR)('of %s is not guessed: %s', (_from, text, major, reason) => {
    expect(parseServerVersion(text)).toMatchObject({
      kind: 'unclear',
      major,
      reason: expect.stringMatching(reason),
    })
  })

  it('is read from its number, in both ways of numbering', () => {
    expect(fromVersionNumber(180_004)).toEqual({ kind: 'release', major: '18', minor: 4 })
    expect(fromVersionNumber(100_023)).toEqual({ kind: 'release', major: '10', minor: 23 })
    expect(fromVersionNumber(90_613)).toEqual({ kind: 'release', major: '9.6', minor: 13 })
  })
})
