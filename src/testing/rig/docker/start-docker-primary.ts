import { createDatabase, dropDatabase, prepareTemplate } from '../databases.ts'
import { type Login, postgresUrl } from '../postgres-node.ts'
import { baseSettings, type PostgresSettings } from '../postgres-settings.ts'
import { type PostgresMajor, postgresPrograms } from '../provision/index.ts'
import type { AvailableEngine } from './engine.ts'
import { provideImage } from './image.ts'
import type { PostgresBackend } from './postgres-backend.ts'
import { startContainer } from './start-container.ts'

/** What to start where. */
export interface DockerPrimaryOptions {
  /** See `findDockerEngine`. */
  readonly engine: AvailableEngine
  /** PostgreSQL's major version; by default that of the installed npm package. */
  readonly major?: PostgresMajor
  /**
   * An image to run in place of the one that is made out of the npm package: PostgreSQL's official image or
   * one derived from it. The engine pulls it if it lacks it.
   */
  readonly image?: string
  /** Settings of the server; they prevail over the rig's own. */
  readonly settings?: PostgresSettings
  /** Limit for the container to start and its server to answer, in milliseconds; 60 s by default. */
  readonly startTimeoutMs?: number
}

/**
 * Starts a PostgreSQL primary in a container, with no standbys. Every user may log in without a password.
 *
 * @throws {RigProvisionError} when the image cannot be made or Testcontainers is not installed.
 */
export async function startDockerPrimary(options: DockerPrimaryOptions): Promise<PostgresBackend> {
  const { engine, major, settings = {}, startTimeoutMs = 60_000 } = options
  const image =
    options.image ??
    (await provideImage(engine.host, await postgresPrograms(major === undefined ? {} : { major })))
  // Ports are published from the container's own address, and the official image needs its socket.
  const { listen_addresses: _, unix_socket_directories: __, ...ours } = baseSettings
  const container = await startContainer(engine, {
    image,
    settings: { ...ours, ...settings },
    startupTimeoutMs: startTimeoutMs,
  })
  const address = { host: container.getHost(), port: container.getPort() }
  let stopped: Promise<void> | undefined
  const stop = () => {
    stopped ??= container.stop().then(() => undefined)
    return stopped
  }
  return {
    primary: {
      ...address,
      url: (login: Login) => postgresUrl(address, login),
      adminUrl: (database = 'postgres') => postgresUrl(address, { user: 'postgres', database }),
    },
    createDatabase: async (database = {}) => (await createDatabase(address, database)).name,
    prepareTemplate: (name, fill) => prepareTemplate(address, name, fill),
    dropDatabase: (name) => dropDatabase(address, name),
    stop,
    [Symbol.asyncDispose]: stop,
  }
}
