import { describe, expect, it } from 'vitest'
import { compareWithBaseline, parseBaseline, toBaseline } from '../../../src/rls/report/baseline.ts'
import { toJson } from '../../../src/rls/report/json.ts'
import { toMigration } from '../../../src/rls/report/migration/to-migration.ts'
import { toSarif } from '../../../src/rls/report/sarif.ts'
import { toText } from '../../../src/rls/report/text.ts'
import { findingOn } from './hostile-findings.ts'

const at = (line: number) => ({
  ...findingOn('a'),
  rule: 'source-text',
  object: 'src/a b.ts',
  sql: undefined,
  line,
})

describe('a finding in a source file', () => {
  it('is known again when a line is added above it', () => {
    const baseline = parseBaseline(toBaseline([at(3)]), 'known.json')
    expect(compareWithBaseline([at(4)], baseline)).toEqual({ fresh: [], known: [at(4)], gone: [] })
  })

  it('is new where the baseline has fewer of its kind in that file', () => {
    const baseline = parseBaseline(toBaseline([at(3), at(9)]), 'known.json')
    expect(compareWithBaseline([at(3), at(9), at(12)], baseline)).toEqual({
      fresh: [at(12)],
      known: [at(3), at(9)],
      gone: [],
    })
  })

  it('is gone where the baseline has more', () => {
    const baseline = parseBaseline(toBaseline([at(3), at(9)]), 'known.json')
    const { rule, object, message } = at(3)
    expect(compareWithBaseline([at(9)], baseline)).toEqual({
      fresh: [],
      known: [at(9)],
      gone: [{ rule, object, message }],
    })
  })

  it('is shown with its line', () => {
    expect(toText([at(3)])).toContain('src/a b.ts:3  [source-text]')
    expect(toMigration([at(3)])).toContain('-- source-text: src/a b.ts:3')
    expect(JSON.parse(toJson([at(3)])).findings).toMatchObject([{ object: 'src/a b.ts', line: 3 }])
  })

  it('leads to its line in SARIF, and has a fingerprint of its own there', () => {
    const { runs } = JSON.parse(toSarif([at(3), at(9)], { version: '1', kind: 'audit', rules: [] }))
    const [first, second] = runs[0].results
    expect(first.locations).toEqual([
      {
        physicalLocation: { artifactLocation: { uri: 'src/a%20b.ts' }, region: { startLine: 3 } },
        logicalLocations: [{ fullyQualifiedName: 'src/a b.ts' }],
      },
    ])
    expect(first.partialFingerprints).not.toEqual(second.partialFingerprints)
    const moved = JSON.parse(toSarif([at(4), at(10)], { version: '1', kind: 'audit', rules: [] }))
    expect(moved.runs[0].results[1].partialFingerprints).toEqual(second.partialFingerprints)
  })
})
