import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCommand } from '../../../src/testing/rig/provision/run-command.ts'
import type { Docker } from './docker.ts'

const LIMIT_MS = 300_000
const NPM_CLI = '../lib/node_modules/npm/bin'

/**
 * Gives an engine that can pull nothing what the Dockerfiles begin with, made of Debian's packages and npm's: the same names, the same
 * programs. Takes root, on Debian.
 */
export async function provideBaseImages(docker: Docker): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'leasehold-base-'))
  try {
    if (!(await docker.has('debian:trixie-slim'))) await importDebian(docker, folder, 'trixie')
    if (await docker.has('node:24-slim')) return
    if (!(await docker.has('debian:bookworm-slim'))) await importDebian(docker, folder, 'bookworm')
    await writeNodeBase(folder)
    await docker.build('node:24-slim', folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function importDebian(docker: Docker, folder: string, codename: string): Promise<void> {
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  const apt = ['--quiet', '--yes', '--no-install-recommends', 'install', 'mmdebstrap']
  await runCommand('apt-get', apt, { timeoutMs: LIMIT_MS, env })
  const { stdout } = await runCommand('apt-get', ['indextargets', '--format', '$(SITE)'], {
    timeoutMs: LIMIT_MS,
  })
  const [mirror = ''] = stdout.split('\n')
  const tar = join(folder, `${codename}.tar`)
  const bootstrap = ['--variant=minbase', '--include=ca-certificates', codename, tar, mirror]
  await runCommand('mmdebstrap', bootstrap, { timeoutMs: LIMIT_MS })
  await docker.run('import', tar, `debian:${codename}-slim`)
}

/** Node as this machine has it, npm from its registry, and the user of the official image. */
async function writeNodeBase(folder: string): Promise<void> {
  await copyFile(process.execPath, join(folder, 'node'))
  await runCommand('npm', ['pack', '--silent', 'npm@11'], { cwd: folder, timeoutMs: LIMIT_MS })
  const lines = [
    'FROM debian:bookworm-slim',
    'RUN useradd --uid 1000 --create-home node',
    'COPY node /usr/local/bin/node',
    'ADD npm-*.tgz /usr/local/lib/node_modules/',
    'RUN mv /usr/local/lib/node_modules/package /usr/local/lib/node_modules/npm \\',
    `  && ln -s ${NPM_CLI}/npm-cli.js /usr/local/bin/npm && ln -s ${NPM_CLI}/npx-cli.js /usr/local/bin/npx`,
  ]
  // Where the registry is reached through a proxy that signs by itself.
  const authority = process.env.NODE_EXTRA_CA_CERTS
  if (authority) {
    await copyFile(authority, join(folder, 'authority.pem'))
    lines.push('COPY authority.pem /etc/ssl/authority.pem', 'ENV NODE_EXTRA_CA_CERTS=/etc/ssl/authority.pem')
  }
  await writeFile(join(folder, 'Dockerfile'), `${lines.join('\n')}\n`)
}
