import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, describe, expect, it } from 'vitest'

const STOP = new URL('../../../examples/web/stop-on-signal.ts', import.meta.url).href
const ANSWER_MS = 400

/** A process that serves HTTP by a server which it shows to nobody, as that of Next.js does. */
const SCRIPT = `
import { createServer } from 'node:http'
import { stopOnSignal } from ${JSON.stringify(STOP)}
let answered = 0
const server = createServer((request, response) => {
  console.log('begun')
  setTimeout(() => { answered += 1; response.end('whole') }, ${ANSWER_MS})
})
server.listen(0, '127.0.0.1', () => console.log('port=' + server.address().port))
await stopOnSignal('test', async () => console.log('let go after ' + answered + ' answers'))
`

let child: ChildProcess | undefined
afterEach(() => void child?.kill('SIGKILL'))

function start(env: Record<string, string>): { readonly child: ChildProcess; said(): string } {
  const made = spawn(process.execPath, ['--input-type=module', '--eval', SCRIPT], {
    env: { ...process.env, ...env },
  })
  child = made
  let said = ''
  made.stdout.on('data', (chunk) => {
    said += chunk
  })
  return { child: made, said: () => said }
}

const portOf = (said: string) => /port=(\d+)/.exec(said)?.[1]

describe('an app of Next.js that is told to end', () => {
  it('answers what it has begun, takes nothing new, then lets go of what it holds, and ends well', async () => {
    const app = start({ NEXT_MANUAL_SIG_HANDLE: 'true' })
    await expect.poll(() => portOf(app.said()), { timeout: 10_000 }).toBeDefined()
    const address = `http://127.0.0.1:${portOf(app.said())}`
    const answer = fetch(address).then((response) => response.text())
    await expect.poll(app.said).toContain('begun')
    const ended = once(app.child, 'exit')
    app.child.kill('SIGTERM')
    await expect.poll(() => fetch(address).then(String, () => 'refused')).toBe('refused')
    expect(await answer).toBe('whole')
    expect(await ended).toEqual([0, null])
    expect(app.said()).toContain('let go after 1 answers\ntest stopped by SIGTERM')
  })

  it('lets go too where nobody has asked it anything', async () => {
    const app = start({ NEXT_MANUAL_SIG_HANDLE: 'true' })
    await expect.poll(app.said, { timeout: 10_000 }).toContain('port=')
    await expect.poll(app.said).toContain('listens on')
    const ended = once(app.child, 'exit')
    app.child.kill('SIGTERM')
    expect(await ended).toEqual([0, null])
    expect(app.said()).toContain('let go after 0 answers')
  })

  it('is left to Next.js where the environment does not say otherwise', async () => {
    const app = start({ NEXT_MANUAL_SIG_HANDLE: '' })
    await expect.poll(app.said, { timeout: 10_000 }).toContain('port=')
    const ended = once(app.child, 'exit')
    app.child.kill('SIGTERM')
    expect(await ended).toEqual([null, 'SIGTERM'])
    expect(app.said()).not.toContain('let go')
  })
})
