import { homedir } from 'node:os'
import { join } from 'node:path'
import { dockerRequest } from './docker-request.ts'
import { startPrivateEngine } from './private-engine.ts'

/** A Docker engine that answers. */
export interface AvailableEngine {
  readonly available: true
  /** As in `DOCKER_HOST`. */
  readonly host: string
  /** The engine's own version. */
  readonly version: string
  /** Whether this process started it; such an engine publishes ports on 127.0.0.1 only. */
  readonly isPrivate: boolean
  /** Ends the engine if this process started it; waits until it is gone. */
  stop(): Promise<void>
}

/** Why there is none, and what to do. */
export interface UnavailableEngine {
  readonly available: false
  readonly reason: string
}

/**
 * Finds a Docker engine: `DOCKER_HOST`, else the usual sockets. With `LEASEHOLD_DOCKER=install`, under root
 * on Debian, and where none answers, starts a private one, for which it installs the package `docker.io`.
 */
export async function findDockerEngine(): Promise<AvailableEngine | UnavailableEngine> {
  const { DOCKER_HOST } = process.env
  const hosts = DOCKER_HOST ? [DOCKER_HOST] : usualHosts()
  for (const host of hosts) {
    const version = await engineVersion(host)
    if (version !== undefined)
      return { available: true, host, version, isPrivate: false, stop: async () => undefined }
  }
  const silence = `No Docker engine answers at ${hosts.join(' or ')}`
  if (process.env.LEASEHOLD_DOCKER !== 'install') {
    return {
      available: false,
      reason: `${silence}. Start one, or set LEASEHOLD_DOCKER=install to install docker.io and run a private one (Debian, as root).`,
    }
  }
  try {
    const { host, stop } = await startPrivateEngine()
    const version = await engineVersion(host)
    return { available: true, host, version: version ?? 'unknown', isPrivate: true, stop }
  } catch (error) {
    return { available: false, reason: `${silence}, and no private one could be started: ${String(error)}` }
  }
}

function usualHosts(): string[] {
  const runtime = process.env.XDG_RUNTIME_DIR
  return [
    'unix:///var/run/docker.sock',
    ...(runtime ? [`unix://${join(runtime, 'docker.sock')}`] : []),
    `unix://${join(homedir(), '.docker/run/docker.sock')}`,
  ]
}

async function engineVersion(host: string): Promise<string | undefined> {
  try {
    const { status, text } = await dockerRequest(host, { method: 'GET', path: '/version', timeoutMs: 5_000 })
    if (status !== 200) return undefined
    const { Version }: { Version?: string } = JSON.parse(text)
    return Version
  } catch {
    return undefined
  }
}
