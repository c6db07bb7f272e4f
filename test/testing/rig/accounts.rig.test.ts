import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, chown, copyFile, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'tsup'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import {
  type Program,
  pgbouncerProgram,
  postgresPrograms,
  redisProgram,
  rigDirectory,
} from '../../../src/testing/rig/provision/index.ts'
import { serverAccount } from '../../../src/testing/rig/server-account.ts'
import { expectNothingLeft } from './leftovers.ts'

const script = fileURLToPath(new URL('crash-child.ts', import.meta.url))
const isRoot = process.getuid?.() === 0

/** A folder that only its owner can enter: the rig, bundled with all it depends on, and Node itself. */
let checkout: string
beforeAll(async () => {
  // Not under a private working directory, so that root can give it away.
  checkout = await mkdtemp('/var/tmp/leasehold-checkout-')
  await build({
    entry: { rig: script },
    outDir: checkout,
    format: 'esm',
    platform: 'node',
    noExternal: [/./],
    external: ['pg-native'],
    banner: {
      // pg is CommonJS and requires Node's own modules.
      js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url)",
    },
    outExtension: () => ({ js: '.mjs' }),
    config: false,
    silent: true,
  })
  await copyFile(process.execPath, join(checkout, 'node'))
})
afterAll(() => rm(checkout, { recursive: true, force: true }))

async function giveCheckout(uid: number, gid: number): Promise<void> {
  for (const name of await readdir(checkout)) await chown(join(checkout, name), uid, gid)
  await chown(checkout, uid, gid)
  await chmod(checkout, 0o700)
}

/** Runs the bundled rig as a user; answers who owns its servers' processes. */
async function ownersOfServers(user: { uid: number; gid: number }, env: NodeJS.ProcessEnv) {
  const child = spawn(join(checkout, 'node'), [join(checkout, 'rig.mjs')], {
    ...user,
    cwd: '/',
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [line] = await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`The child ended with ${code}.`))),
  ])
  const { directory, pids } = JSON.parse(String(line)) as { directory: string; pids: number[] }
  const owners = await Promise.all(pids.map(async (pid) => (await stat(`/proc/${pid}`)).uid))
  const data = await stat(join(directory, 'primary'))
  child.kill('SIGKILL')
  await once(child, 'exit')
  await expectNothingLeft(dirname(directory), child.pid, pids)
  return { servers: [...new Set(owners)], data: { uid: data.uid, mode: data.mode & 0o777 } }
}

/** A program under its own name, for PATH. */
async function writeWrapper(folder: string, name: string, program: Program): Promise<void> {
  const line = [program.command, ...program.args].map((word) => `'${word}'`).join(' ')
  await writeFile(join(folder, name), `#!/bin/sh\nexec ${line} "$@"\n`)
  await chmod(join(folder, name), 0o755)
}

describe('a rig in a checkout that only its owner can read', () => {
  it('runs its servers as the owner, or as nobody when that is root', async () => {
    const user = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }
    await giveCheckout(user.uid, user.gid)
    const { initdb } = await postgresPrograms()
    const found = await ownersOfServers(user, {
      LEASEHOLD_RIG_DIR: await rigDirectory(),
      LEASEHOLD_POSTGRES_BIN: dirname(initdb),
    })
    const { uid = user.uid } = serverAccount()
    expect(uid).not.toBe(0)
    expect(found).toEqual({ servers: [uid], data: { uid, mode: 0o700 } })
  })

  it('runs all the same as an ordinary user', async (context) => {
    if (!isRoot) context.skip('only root can become another user, and who runs this is an ordinary one')
    const user = serverAccount() as { uid: number; gid: number }
    await giveCheckout(user.uid, user.gid)
    const rigDir = await mkdtemp('/var/tmp/leasehold-rig-of-nobody-')
    onTestFinished(() => rm(rigDir, { recursive: true, force: true }))
    const bin = join(rigDir, 'bin')
    await mkdir(bin)
    await writeWrapper(bin, 'pgbouncer', await pgbouncerProgram('1.18'))
    await writeWrapper(bin, 'redis-server', await redisProgram())
    for (const path of [rigDir, bin]) {
      await chown(path, user.uid, user.gid)
      await chmod(path, 0o755)
    }
    const { initdb } = await postgresPrograms()
    const found = await ownersOfServers(user, {
      LEASEHOLD_RIG_DIR: rigDir,
      LEASEHOLD_POSTGRES_BIN: dirname(initdb),
      PATH: `${bin}:${process.env.PATH}`,
    })
    expect(found).toEqual({ servers: [user.uid], data: { uid: user.uid, mode: 0o700 } })
  })
})
