import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'
import { RigError } from './rig-error.ts'

/**
 * Linux hands out 32768 and up to outgoing connections, macOS 49152 and up. A server's port must not be
 * among those: while the server is down, a client that retries could be given that very port as its own,
 * and would then be connected to itself.
 */
const lowest = 20_000
const highest = 32_767
const attempts = 200

/**
 * A TCP port of 127.0.0.1 that nobody listens on at this moment. Another process may take it before the
 * caller does, so a server that finds it taken must be given another one.
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const port = randomInt(lowest, highest + 1)
    if (await isFree(port)) return port
  }
  throw new RigError(
    `${attempts} ports of 127.0.0.1 from ${lowest} to ${highest}, chosen at random, were all taken. ` +
      'End the servers that hold them.',
  )
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)))
  })
}
