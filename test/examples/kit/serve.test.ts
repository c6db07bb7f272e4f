import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'

const KIT = new URL('../../../examples/kit/serve.ts', import.meta.url).href

function run(parts: string): ChildProcess & { said(): string } {
  const script = `import { serve } from ${JSON.stringify(KIT)}; await serve({ service: 'test', ${parts} })`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script])
  let said = ''
  child.stdout.on('data', (chunk) => {
    said += chunk
  })
  return Object.assign(child, { said: () => said })
}

const LISTEN = "listen: async () => { setInterval(() => {}, 1e6); return 'http://here' }"

describe('a service', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('says where it listens, and ends well on %s', async (signal) => {
    const child = run(`${LISTEN}, close: async () => console.log('closed')`)
    await expect.poll(child.said, { timeout: 10_000 }).toBe('test listens on http://here\n')
    child.kill(signal)
    expect(await once(child, 'exit')).toEqual([0, null])
    expect(child.said()).toContain(`closed\ntest stopped by ${signal}\n`)
  })

  it('that cannot start, or not stop, ends with 1 and says why', async () => {
    const mute = run("listen: async () => { throw new Error('port taken') }, close: async () => {}")
    expect(await once(mute, 'exit')).toEqual([1, null])
    expect(mute.said()).toBe('test cannot start: Error: port taken\n')

    const stuck = run(`${LISTEN}, close: async () => { throw new Error('no end') }`)
    await expect.poll(stuck.said, { timeout: 10_000 }).toContain('listens')
    stuck.kill('SIGTERM')
    expect(await once(stuck, 'exit')).toEqual([1, null])
    expect(stuck.said()).toContain('failed to stop: Error: no end')
  })
})
