import { existsSync } from 'node:fs'
import type { StartedPostgreSqlContainer } from '@testcontainers/postgresql'
import { RigProvisionError } from '../provision/index.ts'
import type { AvailableEngine } from './engine.ts'

/** What runs in the container. */
export interface ContainerOptions {
  /** The image's name; it must be in the engine, or one that the engine can pull. */
  readonly image: string
  /** Settings of the server by name. */
  readonly settings: Readonly<Record<string, string | number>>
  /** Limit for the container to start and its server to answer. */
  readonly startupTimeoutMs: number
}

/**
 * Starts PostgreSQL in a container through Testcontainers on that engine. Every user may log in without a
 * password, so the port is published on 127.0.0.1 only wherever this process can reach that.
 *
 * @throws {RigProvisionError} when the optional peer `@testcontainers/postgresql` is missing; Testcontainers'
 * own error when the container does not come up.
 */
export async function startContainer(
  engine: AvailableEngine,
  { image, settings, startupTimeoutMs }: ContainerOptions,
): Promise<StartedPostgreSqlContainer> {
  const { PostgreSqlContainer } = await loadTestcontainers()
  const onLoopback = hasOurLoopback(engine)
  const Container = class extends PostgreSqlContainer {
    protected override async beforeContainerCreated(): Promise<void> {
      if (!onLoopback) return
      for (const bindings of Object.values<{ HostIp?: string }[]>(this.hostConfig.PortBindings ?? {})) {
        for (const binding of bindings) binding.HostIp = '127.0.0.1'
      }
    }
  }
  const container = new Container(image)
    .withUsername('postgres')
    .withDatabase('postgres')
    .withEnvironment({ POSTGRES_HOST_AUTH_METHOD: 'trust' })
    .withStartupTimeout(startupTimeoutMs)
    .withCommand([
      'postgres',
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ])
  return withEnvironment(environmentFor(engine), () => container.start())
}

async function loadTestcontainers() {
  try {
    return await import('@testcontainers/postgresql')
  } catch (error) {
    throw new RigProvisionError(
      'The Docker backend needs the npm package @testcontainers/postgresql. Run `npm install --save-dev @testcontainers/postgresql`.',
      { cause: error },
    )
  }
}

/** Not so for an engine on another host, or outside of the container that this process runs in. */
function hasOurLoopback({ host, isPrivate }: AvailableEngine): boolean {
  return isPrivate || (host.startsWith('unix://') && !existsSync('/.dockerenv'))
}

/** Testcontainers takes these from the environment only, and remembers them from its first start on. */
function environmentFor({ host, isPrivate }: AvailableEngine): Record<string, string> {
  return {
    DOCKER_HOST: host,
    // Its clean-up service is one more image, which would have to be pulled.
    TESTCONTAINERS_RYUK_DISABLED: 'true',
    // Inside a container it would take the bridge's address, where a private engine publishes nothing.
    ...(isPrivate ? { TESTCONTAINERS_HOST_OVERRIDE: '127.0.0.1' } : {}),
  }
}

async function withEnvironment<T>(values: Record<string, string>, body: () => Promise<T>): Promise<T> {
  const before = Object.keys(values).map((name) => [name, process.env[name]] as const)
  Object.assign(process.env, values)
  try {
    return await body()
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
  }
}
