import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../../../examples/platform/free-port.ts'
import { createLeasehold, uuid } from '../../../src/index.ts'
import { pgbouncerProgram } from '../../../src/testing/rig/provision/index.ts'
import type { Rig } from '../../../src/testing/rig/rig.ts'
import { serverAccount } from '../../../src/testing/rig/server-account.ts'
import { startRig } from '../../../src/testing/rig/start-rig.ts'
import { createAppRoles } from '../../support/notes.ts'

const SOURCE = fileURLToPath(new URL('../../../examples/pgbouncer/', import.meta.url))
const PASSWORD = 'it is "quoted", and long enough'
const hasOpenssl = (() => {
  try {
    execFileSync('openssl', ['version'])
    return true
  } catch {
    return false
  }
})()

// A certificate is made by openssl, which Debian has and the library does not need.
describe.skipIf(!hasOpenssl)('the pgbouncer of the platform', () => {
  const resources = new AsyncDisposableStack()
  let rig: Rig
  let folder: string
  let ca: string
  beforeAll(async () => {
    rig = resources.use(await startRig({ standbys: 0, redis: false }))
    await createAppRoles(rig.primary.adminUrl())
    folder = mkdtempSync(join(tmpdir(), 'clinic-pgbouncer-'))
    resources.defer(() => rmSync(folder, { recursive: true, force: true }))
    chmodSync(folder, 0o755)
    const secrets = join(folder, 'secrets')
    mkdirSync(secrets)
    execFileSync('openssl', [
      ...[
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        '2',
      ],
      ...['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'],
      ...['-keyout', join(secrets, 'tls-key.pem'), '-out', join(secrets, 'tls-cert.pem')],
    ])
    ca = readFileSync(join(secrets, 'tls-cert.pem'), 'utf8')
    writeFileSync(join(secrets, 'server-ca.pem'), ca)
    writeFileSync(join(secrets, 'app'), PASSWORD)
    for (const name of ['tls-key.pem', 'tls-cert.pem', 'server-ca.pem', 'app'])
      chmodSync(join(secrets, name), 0o644)
  }, 60_000)
  afterAll(() => resources.disposeAsync())

  /** Runs the container's entry point, as its user. @returns the port that it listens on */
  async function start(name: string, env: Readonly<Record<string, string>>): Promise<number> {
    const program = await pgbouncerProgram('1.24')
    const run = join(folder, name)
    mkdirSync(run)
    const account = serverAccount()
    if (account.uid !== undefined) chownSync(run, account.uid, account.gid ?? account.uid)
    const launcher = join(folder, `${name}.sh`)
    const quoted = [program.command, ...program.args].map((word) => `'${word}'`).join(' ')
    writeFileSync(launcher, `#!/bin/sh\nexec ${quoted} "$@"\n`, { mode: 0o755 })
    chmodSync(launcher, 0o755)
    const port = await freePort()
    const child = spawn('/bin/sh', [join(SOURCE, 'entrypoint.sh')], {
      cwd: folder,
      ...account,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        ...program.env,
        ...{
          ETC: SOURCE,
          RUN: run,
          SECRETS: join(folder, 'secrets'),
          PGBOUNCER: launcher,
          LISTEN_PORT: String(port),
        },
        ...{ SERVER_HOST: '127.0.0.1', DATABASE: 'postgres', USERS: 'app', SERVER_TLS: 'disable' },
        ...env,
      },
    })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += text))
    const ended = once(child, 'exit')
    resources.defer(async () => {
      child.kill('SIGQUIT')
      await ended
    })
    for (let tries = 0; !said.includes('process up'); tries += 1) {
      if (child.exitCode !== null || tries > 200) throw new Error(`It did not start: ${said}`)
      await sleep(50)
    }
    return port
  }

  const login = (port: number, password: string, ssl: object | false = { ca }) =>
    ({ host: '127.0.0.1', port, user: 'app', password, database: 'postgres', ssl }) as const
  const tryLogin = async (options: ReturnType<typeof login>) => {
    const client = new Client(options)
    try {
      await client.connect()
      return (await client.query('select current_user as name')).rows[0].name
    } finally {
      await client.end().catch(() => {})
    }
  }

  it('lets a service in over TLS by its password, and nobody without either', async () => {
    const port = await start('primary', { SERVER_PORT: String(rig.primary.port) })
    expect(await tryLogin(login(port, PASSWORD))).toBe('app')
    await expect(tryLogin(login(port, 'another'))).rejects.toThrow(/SASL authentication failed/)
    await expect(tryLogin(login(port, PASSWORD, false))).rejects.toThrow(/SSL required|TLS/i)
    await expect(tryLogin({ ...login(port, PASSWORD), user: 'postgres' as 'app' })).rejects.toThrow(
      /SASL|no such user|authentication/,
    )

    // What the library finds out of it: prepared statements hold, and connections can be shared.
    const db = createLeasehold({
      primary: { ...login(port, PASSWORD), max: 2 },
      multiplex: true,
      verifyOnStart: false,
    })
    const tenant = uuid('00000000-0000-4000-8000-000000000001')
    const seen = await Promise.all(
      Array.from({ length: 50 }, async (_, n) => {
        const { rows } = await db.tenant(tenant, { readOnly: true }).query('select $1::int as n', [n])
        return rows[0]?.n
      }),
    )
    expect(seen).toEqual(Array.from({ length: 50 }, (_, n) => n))
    expect(db.pool().multiplexing?.opened).toBeLessThanOrEqual(2)
    await db.close({ drainMs: 1_000 })
  }, 60_000)

  it('of a replica refuses a query within two seconds when its server is away', async () => {
    const port = await start('replica', { OF: 'replica', SERVER_PORT: String(await freePort()) })
    const client = new Client(login(port, PASSWORD))
    client.on('error', () => {})
    const startedAt = performance.now()
    await expect(client.connect().then(() => client.query('select 1'))).rejects.toThrow()
    expect(performance.now() - startedAt).toBeLessThan(5_000)
    await client.end().catch(() => {})
  }, 60_000)

  it('does not start where it is not told enough', async () => {
    await expect(start('of-none', { OF: 'both' })).rejects.toThrow('OF must be primary or replica.')
    await expect(start('of-nobody', { USERS: 'app stranger' })).rejects.toThrow('There is no password in')
  }, 60_000)
})
