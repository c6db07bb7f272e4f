import { describe, expect, it } from 'vitest'
import { RlsNotEnforcedError } from '../../../src/errors/rls.ts'
import { StartCheck } from '../../../src/rls/verify/start-check.ts'

/** A check whose runs are answered by hand. */
function byHand() {
  const runs: { client: string; end: PromiseWithResolvers<string> }[] = []
  const check = new StartCheck<string, string>((client) => {
    const end = Promise.withResolvers<string>()
    runs.push({ client, end })
    return end.promise
  })
  return { check, runs, clients: () => runs.map(({ client }) => client) }
}

const settle = () => new Promise((resolve) => setImmediate(resolve))
const refusal = () => new RlsNotEnforcedError([{ cause: 'c', fix: 'f' }])

describe('a check that has to pass once', () => {
  it('runs for the first, has the others wait, and never runs again', async () => {
    const { check, runs, clients } = byHand()
    const passes = ['a', 'b', 'c'].map((client) => check.pass(client))
    await settle()
    expect(clients()).toEqual(['a'])
    runs[0]?.end.resolve('app')
    expect(await Promise.all([...passes, check.pass('d')])).toEqual(['app', 'app', 'app', 'app'])
    expect(await check.pass('e')).toBe('app')
    expect(clients()).toEqual(['a'])
  })

  it('refuses all who wait when it refuses, and runs again for who comes later', async () => {
    const { check, runs, clients } = byHand()
    const passes = ['a', 'b'].map((client) => check.pass(client))
    await settle()
    runs[0]?.end.reject(refusal())
    for (const pass of passes) await expect(pass).rejects.toThrow(RlsNotEnforcedError)
    const later = check.pass('c')
    runs[1]?.end.resolve('app')
    expect(await later).toBe('app')
    expect(clients()).toEqual(['a', 'c'])
  })

  it('runs for one of those who wait when the connection that it ran on is lost', async () => {
    const { check, runs, clients } = byHand()
    const passes = ['a', 'b', 'c'].map((client) => check.pass(client))
    await settle()
    runs[0]?.end.reject(new Error('lost'))
    await expect(passes[0]).rejects.toThrow('lost')
    await settle()
    expect(clients()).toEqual(['a', 'b'])
    runs[1]?.end.resolve('app')
    expect(await Promise.all(passes.slice(1))).toEqual(['app', 'app'])
    expect(clients()).toEqual(['a', 'b'])
  })

  it('that throws at once is a rejection, and runs again', async () => {
    let calls = 0
    const check = new StartCheck<string, string>(() => {
      calls += 1
      if (calls === 1) throw new Error('at once')
      return Promise.resolve('app')
    })
    await expect(check.pass('a')).rejects.toThrow('at once')
    expect(await check.pass('b')).toBe('app')
  })
})
