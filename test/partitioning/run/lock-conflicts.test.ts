import { expect, it } from 'vitest'
import type { ExpectedLock } from '../../../src/partitioning/plan/step.ts'
import { conflictingModes } from '../../../src/partitioning/run/lock-conflicts.ts'

/** The table of the documentation, a row a requested mode, an X a conflict, held modes from ACCESS SHARE to ACCESS EXCLUSIVE. */
const DOCUMENTED: Readonly<Record<ExpectedLock['mode'], string>> = {
  'ACCESS SHARE': '.......X',
  'ROW SHARE': '......XX',
  'ROW EXCLUSIVE': '....XXXX',
  'SHARE UPDATE EXCLUSIVE': '...XXXXX',
  SHARE: '..XX.XXX',
  'SHARE ROW EXCLUSIVE': '..XXXXXX',
  'ACCESS EXCLUSIVE': 'XXXXXXXX',
}
const HELD = [
  'AccessShareLock',
  'RowShareLock',
  'RowExclusiveLock',
  'ShareUpdateExclusiveLock',
  'ShareLock',
  'ShareRowExclusiveLock',
  'ExclusiveLock',
  'AccessExclusiveLock',
] as const

it.each(Object.entries(DOCUMENTED))('%s conflicts with what the documentation says', (mode, row) => {
  const modes = conflictingModes(mode as ExpectedLock['mode'])
  expect(HELD.map((held) => (modes.includes(held) ? 'X' : '.')).join('')).toBe(row)
})
