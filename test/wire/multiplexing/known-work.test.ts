import { describe, expect, it } from 'vitest'
import { slug } from '../../../src/context/tenant-id.ts'
import { KnownWork } from '../../../src/wire/multiplexing/known-work.ts'
import { callerStatement } from '../../../src/wire/statement.ts'

const [ADA, BOB] = [slug('ada'), slug('bob')]
const texts = (...all: string[]) => all.map((text) => callerStatement({ text }))

describe('what takes long', () => {
  it('is known by its text and its tenant', () => {
    const known = new KnownWork()
    known.wasSlow(ADA, texts('select 1'))
    expect(known.isSlow(ADA, texts('select 1'))).toBe(true)
    expect(known.isSlow(BOB, texts('select 1'))).toBe(false)
    expect(known.isSlow(ADA, texts('select 2'))).toBe(false)
    expect(known.isSlow(ADA, texts('select 1', 'select 1'))).toBe(false)
  })

  it('is forgotten when it was quick', () => {
    const known = new KnownWork()
    known.wasSlow(ADA, texts('select 1', 'select 2'))
    known.wasSlow(ADA, texts('select 1', 'select 2'))
    expect(known.slowSize).toBe(1)
    known.wasQuick(ADA, texts('select 1', 'select 2'))
    known.wasQuick(BOB, texts('select 1', 'select 2'))
    expect(known.slowSize).toBe(0)
    expect(known.isSlow(ADA, texts('select 1', 'select 2'))).toBe(false)
  })

  it('or not is not known of what never ran, and known for all tenants of what was quick for one', () => {
    const known = new KnownWork()
    expect(known.isQuick(texts('select 1'))).toBe(false)
    known.wasQuick(ADA, texts('select 1'))
    expect(known.isQuick(texts('select 1'))).toBe(true)
    expect(known.isQuick(texts('select 2'))).toBe(false)
    known.wasSlow(BOB, texts('select 1'))
    expect(known.isQuick(texts('select 1'))).toBe(false)
  })

  it('never fills the memory', () => {
    const known = new KnownWork()
    for (let index = 0; index < 5_000; index += 1)
      known.wasSlow(slug(`t${index % 40}`), texts(`select ${index}`))
    expect(known.slowSize).toBeLessThanOrEqual(1_000)
    expect(known.isSlow(slug('t39'), texts('select 4999'))).toBe(true)
  })
})
