import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { type PostgresPrograms, RigProvisionError, rigDirectory } from '../provision/index.ts'
import { dockerRequest } from './docker-request.ts'
import { imagePath, imageUserId, layImageRoot } from './image-root.ts'

/** Goes up with every change to what the image holds. */
const recipe = 2

const repository = 'leasehold-postgres'

/**
 * Gives the engine an image of PostgreSQL's programs, made out of them and of this machine's C library and
 * shell: no registry is asked. It takes the variables of PostgreSQL's official image.
 *
 * @param host The engine, as in `DOCKER_HOST`.
 * @returns The image's name.
 * @throws {RigProvisionError} with what the engine said.
 */
export async function provideImage(host: string, programs: PostgresPrograms): Promise<string> {
  const tag = `${programs.version}-${recipe}`
  const name = imageName(tag)
  const { status } = await dockerRequest(host, {
    method: 'GET',
    path: `/images/${name}/json`,
    timeoutMs: 10_000,
  })
  if (status === 200) return name
  const root = join(await rigDirectory(), 'staging', `image-${randomUUID()}`)
  await mkdir(root, { recursive: true })
  try {
    const folder = dirname(dirname(programs.postgres))
    await layImageRoot(root, folder)
    await importImage(host, tag, root, folder)
  } finally {
    await rm(root, { recursive: true, force: true })
  }
  return name
}

async function importImage(host: string, tag: string, root: string, programs: string): Promise<void> {
  const tar = spawn(
    'tar',
    [
      '--create',
      '--numeric-owner',
      `--owner=${imageUserId}`,
      `--group=${imageUserId}`,
      ...['--directory', root, '.'],
      ...['--directory', dirname(programs), basename(programs)],
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const [reply, code] = await Promise.all([
    dockerRequest(host, {
      method: 'POST',
      path: `/images/create?${importQuery(tag, programs)}`,
      body: tar.stdout,
      timeoutMs: 60_000,
    }),
    once(tar, 'exit').then(([exitCode]) => exitCode),
  ])
  // The reply's status is 200 even where the import failed later: the stream then holds an error.
  if (reply.status === 200 && !reply.text.includes('"error"') && code === 0) return
  await dockerRequest(host, { method: 'DELETE', path: `/images/${imageName(tag)}`, timeoutMs: 10_000 })
  throw new RigProvisionError(
    `The Docker engine at ${host} did not import the image (${reply.status}, tar ${code}): ${reply.text}`,
  )
}

function importQuery(tag: string, programs: string): URLSearchParams {
  return new URLSearchParams([
    ['fromSrc', '-'],
    ['repo', repository],
    ['tag', tag],
    ['changes', `USER ${imageUserId}`],
    ['changes', `ENV PATH=${imagePath(programs)}`],
    ['changes', 'ENV PGDATA=/data/pgdata'],
    ['changes', 'ENTRYPOINT ["docker-entrypoint.sh"]'],
    ['changes', 'CMD ["postgres"]'],
    ['changes', 'EXPOSE 5432'],
  ])
}

function imageName(tag: string): string {
  return `${repository}:${tag}`
}
