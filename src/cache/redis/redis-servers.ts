import type { RedisServer } from './redis-server.ts'

/** The servers among which keys are shared out. */
export interface RedisServers {
  /** The server that has a key. @throws {CacheUnavailableError} nobody knows yet which one that is */
  of(key: string): RedisServer
  /** What keys have in common that one command can be about. */
  slotOf(key: string): string
  /** Those that are known. */
  all(): readonly RedisServer[]
  close(): void
}

/** All keys are on one server. */
export class OneServer implements RedisServers {
  readonly #server: RedisServer

  constructor(server: RedisServer) {
    this.#server = server
  }

  of(): RedisServer {
    return this.#server
  }

  slotOf(): string {
    return ''
  }

  all(): readonly RedisServer[] {
    return [this.#server]
  }

  close(): void {
    this.#server.close()
  }
}
