import { createServer } from 'node:net'
import { expect, it } from 'vitest'
import { freePort } from '../../../src/testing/rig/free-port.ts'

it('gives a port that can be listened on and that no outgoing connection is ever given', async () => {
  const port = await freePort()
  expect(port).toBeGreaterThanOrEqual(20_000)
  // The lowest that Linux gives to outgoing connections is 32768 (ip_local_port_range).
  expect(port).toBeLessThan(32_768)
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  server.close()
})

it('does not give the same port again and again', async () => {
  const ports = await Promise.all(Array.from({ length: 20 }, freePort))
  expect(new Set(ports).size).toBeGreaterThan(15)
})
