import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

const derive = promisify<string, Buffer, number, Buffer>(scrypt)
const BYTES = 32

/** The password that all accounts of this stand-in share; kept as a provider keeps one, salted and stretched. */
export class Password {
  readonly #salt = randomBytes(16)
  readonly #hash: Promise<Buffer>

  constructor(password: string) {
    this.#hash = derive(password, this.#salt, BYTES)
  }

  /** Takes as long for a wrong password as for the right one. */
  async matches(given: string): Promise<boolean> {
    return timingSafeEqual(await derive(given, this.#salt, BYTES), await this.#hash)
  }
}
