import { describe, expect, it } from 'vitest'
import { LARGE_SCHEMA, PARTITIONED_TABLES, PARTITIONS_EACH, PLAIN_TABLES } from '../audit/large-schema.ts'
import { ScratchDatabase } from './support/scratch-database.ts'

const LIMIT_MS = 10_000
const SCHEMAS = { schemas: ['public', 'large_partitions'] }

describe('the statements for a thousand tables with five thousand partitions', () => {
  it.each([
    ['before the catalogs were ever analyzed, as after a migration', 'select'],
    ['once they have been', 'analyze'],
  ])(
    `are found in less than ${LIMIT_MS} ms %s, and none once they have run`,
    async (_when, prepare) => {
      await using resources = new AsyncDisposableStack()
      const database = await ScratchDatabase.open(resources, { template: 'empty' })
      for (const statement of LARGE_SCHEMA) await database.admin.query(statement)
      await database.admin.query(prepare)
      const startedAt = performance.now()
      const statements = await database.generate(SCHEMAS)
      const ms = performance.now() - startedAt
      console.log(`${statements.length} statements in ${ms.toFixed(0)} ms`)
      expect(ms).toBeLessThan(LIMIT_MS)

      // Each table lacks the same: its tenant is not taken from the setting yet.
      const objects = new Set(statements.map(({ object }) => object))
      expect(objects).toContain('public.clinics')
      expect(objects).toContain(`public.plain_${PLAIN_TABLES}`)
      expect(objects).toContain(`public.parted_${PARTITIONED_TABLES}`)
      const locked = new Set(statements.flatMap(({ locks }) => locks.map(({ table }) => table)))
      expect(locked.size).toBe(1 + PLAIN_TABLES + PARTITIONED_TABLES * (1 + PARTITIONS_EACH))

      // Each by itself: a thousand tables with their partitions have more locks than one transaction has room for.
      for (const { sql } of statements) await database.admin.query(sql)
      expect(await database.generate(SCHEMAS)).toEqual([])
    },
    120_000,
  )
})
