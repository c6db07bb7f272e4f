import { describe, expect, it } from 'vitest'
import { findStale } from './cache-history.ts'

const write = (version: number, ackedAtNs: bigint, key = 'k') => ({ key, version, ackedAtNs })
const get = (version: number, calledAtNs: bigint, key = 'k') => ({ key, version, calledAtNs })

describe('the history of a cache', () => {
  it('finds a value that is older than what was acknowledged before the call', () => {
    expect(findStale([write(1, 10n), write(2, 20n)], [get(1, 21n)])).toEqual([{ ...get(1, 21n), newest: 2 }])
  })

  it('takes what was acknowledged during the call for either', () => {
    expect(findStale([write(1, 10n), write(2, 20n)], [get(1, 20n), get(2, 5n), get(0, 10n)])).toEqual([])
  })

  it('holds a value to the highest version, in whatever order acknowledgements came', () => {
    expect(findStale([write(3, 10n), write(2, 12n)], [get(2, 13n)])).toHaveLength(1)
  })

  it('keeps keys apart', () => {
    expect(findStale([write(2, 10n, 'a')], [get(1, 11n, 'b')])).toEqual([])
  })
})
