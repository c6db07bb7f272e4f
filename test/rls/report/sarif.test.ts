import { createRequire } from 'node:module'
import Ajv from 'ajv'
import { describe, expect, it } from 'vitest'
import { RULES } from '../../../src/rls/audit/rules/index.ts'
import type { Finding } from '../../../src/rls/finding.ts'
import { toSarif } from '../../../src/rls/report/sarif.ts'
import { findingOn, HOSTILE_NAMES } from './hostile-findings.ts'

// The schema of SARIF is of JSON Schema's draft 4, in which its key is `id`.
const ajv = new Ajv({ schemaId: 'auto', meta: false, allErrors: true })
const require = createRequire(import.meta.url)
ajv.addMetaSchema(require('ajv/lib/refs/json-schema-draft-04.json'))
const isSarif = ajv.compile(require('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'))

const TOOL = { version: '1.2.3', kind: 'audit', rules: RULES }
const FINDINGS = HOSTILE_NAMES.map((name) => findingOn(name))

interface Log {
  readonly runs: readonly [
    {
      readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } }
      readonly results: readonly {
        readonly ruleId: string
        readonly ruleIndex: number
        readonly level: string
        readonly message: { readonly text: string }
        readonly locations: readonly [
          {
            readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } }
            readonly logicalLocations: readonly [{ readonly fullyQualifiedName: string }]
          },
        ]
        readonly partialFingerprints: Readonly<Record<string, string>>
      }[]
    },
  ]
}

function log(findings: readonly Finding[]): Log {
  return JSON.parse(toSarif(findings, TOOL))
}

describe('a report in SARIF', () => {
  it.each([
    ['nothing', []],
    ['every severity', [findingOn('a'), findingOn('b', 'warning'), findingOn('c', 'info')]],
    ['hostile names', FINDINGS],
    ['a rule that is not listed', [{ ...findingOn('a'), rule: 'probe-read' }]],
  ])('of %s is valid by the schema of 2.1.0', (_what, findings) => {
    const isValid = isSarif(log(findings))
    expect(isSarif.errors ?? []).toEqual([])
    expect(isValid).toBe(true)
  })

  it('would not be valid with a level or a location that SARIF does not have', () => {
    const report = log([findingOn('a')])
    const [run] = report.runs
    expect(isSarif({ ...report, runs: [{ ...run, results: [{ ...run.results[0], level: 'info' }] }] })).toBe(
      false,
    )
    expect(isSarif({ ...report, runs: [{ ...run, results: [{ ...run.results[0], locations: {} }] }] })).toBe(
      false,
    )
  })

  it('names every rule, and each finding its own', () => {
    const [{ tool, results }] = log([findingOn('a')]).runs
    expect(tool.driver.rules.map(({ id }) => id)).toEqual(RULES.map(({ id }) => id))
    expect(tool.driver.rules[results[0]?.ruleIndex ?? -1]?.id).toBe('rls-disabled')
  })

  it('calls information a note', () => {
    const [{ results }] = log([findingOn('a'), findingOn('b', 'warning'), findingOn('c', 'info')]).runs
    expect(results.map(({ level }) => level)).toEqual(['error', 'warning', 'note'])
  })

  it('names objects as they are, in texts of one line, below paths that can be decoded again', () => {
    const [{ results }] = log(FINDINGS).runs
    const objects = FINDINGS.map(({ object }) => object)
    expect(results.map(({ locations }) => locations[0].logicalLocations[0].fullyQualifiedName)).toEqual(
      objects,
    )
    for (const { message } of results) expect(message.text).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
    const paths = results.map(({ locations }) =>
      locations[0].physicalLocation.artifactLocation.uri.split('/'),
    )
    expect(paths.map(([folder]) => folder)).toEqual(objects.map(() => 'database'))
    expect(paths.map((path) => decodeURIComponent(path[1] ?? ''))).toEqual(objects)
  })

  it('gives each finding a fingerprint that stays', () => {
    const prints = (findings: readonly Finding[]) =>
      log(findings).runs[0].results.map(
        ({ partialFingerprints }) => partialFingerprints['leaseholdFinding/v1'],
      )
    expect(new Set(prints(FINDINGS)).size).toBe(FINDINGS.length)
    expect(prints(FINDINGS.toReversed())).toEqual(prints(FINDINGS).toReversed())
  })
})
