import { request } from 'node:http'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { RigProvisionError } from '../provision/index.ts'

/** One call of the Docker Engine's HTTP interface. */
export interface DockerCall {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** With its query, such as `/images/json`. */
  readonly path: string
  /** A tar archive. */
  readonly body?: Readable
  /** Limit for the whole exchange. */
  readonly timeoutMs: number
}

/** What the engine answered. */
export interface DockerReply {
  readonly status: number
  readonly text: string
}

/**
 * Calls a Docker engine without the `docker` command, which a machine with an engine need not have.
 *
 * @param host As in `DOCKER_HOST`: `unix:///path` or `tcp://host:port`.
 * @throws {RigProvisionError} for any other kind of host; an `Error` of Node when the engine cannot be reached.
 */
export function dockerRequest(
  host: string,
  { method, path, body, timeoutMs }: DockerCall,
): Promise<DockerReply> {
  return new Promise((resolve, reject) => {
    const call = request(
      {
        ...addressOf(host),
        method,
        path,
        headers: body === undefined ? {} : { 'content-type': 'application/x-tar' },
        signal: AbortSignal.timeout(timeoutMs),
      },
      (reply) => {
        reply.setEncoding('utf8')
        let text = ''
        reply.on('data', (chunk: string) => {
          text += chunk
        })
        reply.on('error', reject)
        reply.on('end', () => resolve({ status: reply.statusCode ?? 0, text }))
      },
    )
    call.on('error', reject)
    if (body === undefined) call.end()
    else pipeline(body, call).catch(reject)
  })
}

function addressOf(host: string): { socketPath: string } | { hostname: string; port: number } {
  if (host.startsWith('unix://')) return { socketPath: host.slice('unix://'.length) }
  const match = /^(?:tcp|http):\/\/([^/:]+):(\d+)\/?$/.exec(host)
  if (match?.[1] !== undefined) return { hostname: match[1], port: Number(match[2]) }
  throw new RigProvisionError(
    `The Docker host ${host} is of a kind that the rig cannot reach. Set DOCKER_HOST to unix:///path or tcp://host:port.`,
  )
}
