import { RlsNotEnforcedError } from '../../errors/rls.ts'

/**
 * A check of a pool that has to pass once before the pool is used, whoever comes first. What it comes to is kept; a failure is not,
 * so that the next caller tries again.
 */
export class StartCheck<Client, Result> {
  readonly #check: (client: Client) => Promise<Result>
  #running: Promise<Result> | undefined
  #passed: { readonly result: Result } | undefined

  /** @param check has a limit of its own */
  constructor(check: (client: Client) => Promise<Result>) {
    this.#check = check
  }

  /**
   * Runs the check on a connection, unless it has passed or is running on another.
   *
   * @throws {RlsNotEnforcedError}; what the check throws, where it ran on this connection
   */
  async pass(client: Client): Promise<Result> {
    while (!this.#passed) {
      if (!this.#running) return this.#run(client)
      try {
        return await this.#running
      } catch (error) {
        // What became of another connection says nothing of this one.
        if (error instanceof RlsNotEnforcedError) throw error
      }
    }
    return this.#passed.result
  }

  async #run(client: Client): Promise<Result> {
    try {
      this.#running = this.#check(client)
      const result = await this.#running
      this.#passed = { result }
      return result
    } finally {
      this.#running = undefined
    }
  }
}
