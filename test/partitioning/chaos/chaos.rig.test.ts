import { expect, inject, it } from 'vitest'
import { runChaos } from './run-chaos.ts'

const KILLS = process.env.LEASEHOLD_TEST_SIZE === 'full' ? 1_000 : 100
const SEED = 20_261_123
const MS_A_KILL = 3_000

it(`${KILLS} runs are killed anywhere, and the next ones converge`, {
  timeout: KILLS * MS_A_KILL,
}, async () => {
  const report = await runChaos({ address: inject('rig').primary, seed: SEED, kills: KILLS })
  expect(report.failures).toEqual([])
  expect(report.kills).toBeGreaterThanOrEqual(KILLS)
  // The points that matter were met.
  expect(report.pending).toBeGreaterThan(0)
  console.info(JSON.stringify({ ...report, failures: report.failures.length }))
})
