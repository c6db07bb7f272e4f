/* Run by run-matrix.ts as a test file of its own, so that its tests may fail. */
import pg from 'pg'
import { afterAll } from 'vitest'
import { describeIsolation } from '../../../../src/testing/index.ts'

const { connection, options } = JSON.parse(process.env.MATRIX ?? '{}')
const pool = new pg.Pool({ ...connection, max: 2 })
afterAll(() => pool.end())

await describeIsolation(pool, options)
