import { describe, expect, it } from 'vitest'
import { measure } from '../../examples/demo/measure.ts'
import { listDay, writeRecord } from '../../examples/demo/operations.ts'
import type { TenantAccess, TenantRow, Variant } from '../../examples/demo/tenant-access.ts'

const A = 'aaaaaaaa-0000-4000-8000-00000000000a'
const B = 'bbbbbbbb-0000-4000-8000-00000000000b'
const options = { callers: 4, signal: new AbortController().signal }

/** A variant that answers everything with the same rows. */
function answering(answer: () => Promise<TenantRow[]>): Variant {
  const access: TenantAccess = {
    query: <Row extends TenantRow>() => answer() as Promise<Row[]>,
    batch: answer,
    transaction: () => Promise.reject(new Error('not used here')),
  }
  return { name: 'leasehold', as: () => access, [Symbol.asyncDispose]: async () => {} }
}

function rows(...tenants: string[]): () => Promise<TenantRow[]> {
  return async () => tenants.map((tenant_id) => ({ tenant_id }))
}

const twoRows = listDay(A, '2026-01-05', 2)

describe('measure', () => {
  it('finds nothing wrong with exactly the rows of the tenant', async () => {
    const tally = await measure(answering(rows(A, A)), [twoRows, twoRows, twoRows], options)
    expect(tally).toMatchObject({ operations: 3, foreignRows: 0, wrongAnswers: 0, inserted: 0 })
  })

  it('counts the rows of other tenants, and the answer as wrong', async () => {
    const tally = await measure(answering(rows(A, A, B)), [twoRows, twoRows], options)
    expect(tally).toMatchObject({ operations: 2, foreignRows: 2, wrongAnswers: 2 })
  })

  it('counts an answer as wrong that lacks rows, as one does whose context was lost', async () => {
    const tally = await measure(answering(rows()), [twoRows], options)
    expect(tally).toMatchObject({ foreignRows: 0, wrongAnswers: 1 })
  })

  it('counts a failure as a wrong answer, and keeps the first error', async () => {
    const error = new Error('first')
    const tally = await measure(
      answering(() => Promise.reject(error)),
      [twoRows, twoRows],
      options,
    )
    expect(tally).toMatchObject({ operations: 2, wrongAnswers: 2, error })
  })

  it('counts the inserted rows that were acknowledged', async () => {
    const write = writeRecord(A, B, '2026-11-02')
    expect(await measure(answering(rows(A, A)), [write, write], options)).toMatchObject({ inserted: 4 })
    expect(await measure(answering(rows()), [write], options)).toMatchObject({ inserted: 0 })
  })

  it('has at most as many operations under way as there are callers', async () => {
    let running = 0
    let most = 0
    const variant = answering(async () => {
      running += 1
      most = Math.max(most, running)
      await new Promise((resolve) => setTimeout(resolve, 1))
      running -= 1
      return []
    })
    await measure(
      variant,
      Array.from({ length: 40 }, () => twoRows),
      options,
    )
    expect(most).toBe(options.callers)
  })

  it('rejects once it is told to stop', async () => {
    await expect(
      measure(answering(rows()), [twoRows], { callers: 1, signal: AbortSignal.abort() }),
    ).rejects.toThrow()
  })
})
