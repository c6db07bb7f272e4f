import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

/**
 * Linux hands out 32768 and up to outgoing connections, macOS 49152 and up. A service's port is not among those: while the service is
 * restarted, a client that retries could be given that very port as its own, and would be connected to itself.
 */
const LOWEST = 20_000
const HIGHEST = 32_767
const ATTEMPTS = 200

/** A TCP port of 127.0.0.1 that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const port = randomInt(LOWEST, HIGHEST + 1)
    if (await isFree(port)) return port
  }
  throw new Error(
    `${ATTEMPTS} ports of 127.0.0.1 from ${LOWEST} to ${HIGHEST} were all taken. End the servers that hold them.`,
  )
}

/** As many different ones as there are names. */
export async function freePorts<Name extends string>(
  names: readonly Name[],
): Promise<Readonly<Record<Name, number>>> {
  const ports = new Set<number>()
  while (ports.size < names.length) ports.add(await freePort())
  const drawn = [...ports]
  return Object.fromEntries(names.map((name, at) => [name, drawn[at]])) as Record<Name, number>
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)))
  })
}
