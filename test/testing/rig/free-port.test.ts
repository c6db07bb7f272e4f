import { createServer } from 'node:net'
import { expect, it } from 'vitest'
import { freePort } from '../../../src/testing/rig/free-port.ts'

it('gives a port that can be listened on', async () => {
  const port = await freePort()
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  server.close()
})

it('gives ports all over a range of which outgoing connections are given none', async () => {
  const ports = await Promise.all(Array.from({ length: 50 }, freePort))
  expect(new Set(ports).size).toBeGreaterThan(40)
  expect(Math.min(...ports)).toBeGreaterThanOrEqual(20_000)
  // The lowest that Linux gives to outgoing connections is 32768 (ip_local_port_range).
  expect(Math.max(...ports)).toBeLessThan(32_768)
})
