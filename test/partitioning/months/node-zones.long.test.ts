import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { addMonths, monthText } from '../../../src/partitioning/months/month.ts'
import { allBounds, MONTHS } from './support/all-bounds.ts'

const SCRIPT = fileURLToPath(new URL('./support/print-bounds.ts', import.meta.url))

/** Zones with what has gone wrong in others: half hours, both hemispheres, days that were left out, DST at midnight; and minutes to UTC in July. */
const ZONES: Readonly<Record<string, number>> = {
  UTC: 0,
  'America/New_York': 240,
  'America/St_Johns': 150,
  'America/Sao_Paulo': 180,
  'America/Santiago': 240,
  'Europe/London': -60,
  'Europe/Lisbon': -60,
  'Asia/Kathmandu': -345,
  'Asia/Beirut': -180,
  'Australia/Lord_Howe': -630,
  'Pacific/Apia': -780,
  'Pacific/Kiritimati': -840,
}

async function boundsIn(zone: string): Promise<{ readonly offset: number; readonly bounds: string }> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--no-warnings', SCRIPT], {
    env: { ...process.env, TZ: zone },
    maxBuffer: 16_777_216,
    timeout: 20_000,
  })
  const [offset, ...lines] = stdout.split('\n')
  return { offset: Number(offset), bounds: lines.join('\n') }
}

describe('Bounds from 1970 to 2100', () => {
  it('are the same in processes of 12 time zones', async () => {
    const expected = allBounds()
    for (const [zone, offset] of Object.entries(ZONES)) {
      const found = await boundsIn(zone)
      expect(found.offset, zone).toBe(offset)
      expect(found.bounds === expected, zone).toBe(true)
    }
  }, 60_000)

  it('are instants of UTC, as Date says, each where the month before ends', () => {
    const lines = allBounds().split('\n')
    expect(lines).toHaveLength(131 * 12)
    for (const [index, line] of lines.entries()) {
      const [us = '', before, at, end, name = '', day] = line.split(' ')
      const month = MONTHS[index] ?? Number.NaN
      const iso = new Date(Number(BigInt(us) / 1_000n)).toISOString()
      expect(iso).toBe(`${monthText(month)}-01T00:00:00.000Z`)
      expect([before, at, end]).toEqual([addMonths(month, -1), month, month].map(String))
      expect([name, day]).toEqual([`audit_log_${monthText(month, '_')}`, `'${monthText(month)}-01`])
    }
  })
})
