import { quoteName } from '../../../src/rls/sql/quote.ts'
import type { Target } from '../../support/target.ts'

let made = 0

/** Roles of one test, with names that no other test on the server has; dropped with what they own. */
export class Roles implements AsyncDisposable {
  readonly #target: Target
  readonly #names: string[] = []

  constructor(target: Target) {
    this.#target = target
  }

  /** Makes a role with what stands behind CREATE ROLE. */
  async create(attributes = '', name = 'role'): Promise<string> {
    made += 1
    const unique = `${name}_${process.pid}_${made}`
    await this.run(`create role ${quoteName(unique)} ${attributes}`)
    this.#names.push(unique)
    return unique
  }

  async run(sql: string): Promise<void> {
    await this.#target.admin.query(sql)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const name of this.#names.splice(0).reverse()) {
      await this.run(`reassign owned by ${quoteName(name)} to postgres`)
      await this.run(`drop owned by ${quoteName(name)}`)
      await this.run(`drop role ${quoteName(name)}`)
    }
  }
}
