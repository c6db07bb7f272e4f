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

/** Writes a certificate of 127.0.0.1 that it has signed itself, and its key, into the folder. */
function makeCertificate(into: string): void {
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  const name = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1']
  const files = ['-keyout', join(into, 'tls-key.pem'), '-out', join(into, 'tls-cert.pem')]
  execFileSync('openssl', ['req', '-x509', ...curve, ...name, ...files], { stdio: 'pipe' })
}

// A certificate is made by openssl, which Debian has and the library does not need. Without it the suite fails, and is not skipped.
describe('the pgbouncer of the platform', () => {
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
    makeCertificate(secrets)
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

  it('of a replica refuses a query within three seconds when its server is away', async () => {
    const port = await start('replica', { OF: 'replica', SERVER_PORT: String(await freePort()) })
    const client = new Client(login(port, PASSWORD))
    client.on('error', () => {})
    const startedAt = performance.now()
    await expect(client.connect().then(() => client.query('select 1'))).rejects.toThrow()
    expect(performance.now() - startedAt).toBeLessThan(3_000)
    await client.end().catch(() => {})
  }, 60_000)

  it('is not spoken to by a service whose connection string names another signer', async () => {
    const port = await start('named', { SERVER_PORT: String(rig.primary.port) })
    const other = join(folder, 'other')
    mkdirSync(other)
    makeCertificate(other)
    const ask = async (signer: string) => {
      const url = `postgres://app:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/postgres`
      const client = new Client({ connectionString: `${url}?sslmode=verify-full&sslrootcert=${signer}` })
      client.on('error', () => {})
      try {
        await client.connect()
        return (await client.query('select current_user as name')).rows[0].name
      } finally {
        await client.end().catch(() => {})
      }
    }
    expect(await ask(join(folder, 'secrets', 'tls-cert.pem'))).toBe('app')
    await expect(ask(join(other, 'tls-cert.pem'))).rejects.toThrow(/self-signed|certificate|signature/)
  }, 60_000)

  it('speaks to PostgreSQL only where its certificate is signed by whom it trusts', async () => {
    const server = join(folder, 'server')
    mkdirSync(server)
    makeCertificate(server)
    const { uid, gid } = serverAccount()
    for (const file of ['tls-key.pem', 'tls-cert.pem']) {
      chmodSync(join(server, file), 0o600)
      if (uid !== undefined) chownSync(join(server, file), uid, gid ?? uid)
    }
    const verified = { SERVER_PORT: String(rig.primary.port), SERVER_TLS: 'verify-full' }
    const admin = new Client({ connectionString: rig.primary.adminUrl() })
    await admin.connect()
    const plain = await start('no-tls', { ...verified, OF: 'replica' })
    await expect(tryLogin(login(plain, PASSWORD))).rejects.toThrow()
    await admin.query(`alter system set ssl_cert_file = '${join(server, 'tls-cert.pem')}'`)
    await admin.query(`alter system set ssl_key_file = '${join(server, 'tls-key.pem')}'`)
    await admin.query('alter system set ssl = on')
    await admin.query('select pg_reload_conf()')
    await admin.end()

    // The pooler's own certificate is not the server's signer.
    const wrong = await start('wrong-signer', { ...verified, OF: 'replica' })
    await expect(tryLogin(login(wrong, PASSWORD))).rejects.toThrow()
    writeFileSync(join(folder, 'secrets', 'server-ca.pem'), readFileSync(join(server, 'tls-cert.pem')))
    const right = await start('right-signer', verified)
    expect(await tryLogin(login(right, PASSWORD))).toBe('app')
  }, 60_000)

  it('does not start where it is not told enough', async () => {
    await expect(start('of-none', { OF: 'both' })).rejects.toThrow('OF must be primary or replica.')
    await expect(start('of-nobody', { USERS: 'app stranger' })).rejects.toThrow('There is no password in')
  }, 60_000)
})
