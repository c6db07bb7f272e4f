import type { Random } from '../../support/random.ts'

/** What the settings hold that conditions read; `app.never` is set by nobody. */
export const SETTINGS: Readonly<Record<string, string>> = {
  'app.empty': '',
  'app.null': 'null',
  'app.own': '5eed0001-ea5e-4001-8001-1ea5e401d00b',
  'app.number': '7',
}
const NAMES = ['app.never', ...Object.keys(SETTINGS)]
export const UUIDS: readonly string[] = [
  '5eed0001-ea5e-4001-8001-1ea5e401d00b',
  '5eed0001-ea5e-4001-8001-1ea5e401d00a',
]

/** Writes conditions over a table with the columns tenant_id uuid, a text, b boolean and n bigint. */
export class RandomCondition {
  readonly #random: Random

  constructor(random: Random) {
    this.#random = random
  }

  condition(depth: number): string {
    const more = () => this.condition(depth - 1)
    const simple = [
      () => `${this.#uuid(depth)} ${this.#comparison()} ${this.#uuid(depth)}`,
      () => `${this.#text(depth)} ${this.#comparison()} ${this.#text(depth)}`,
      () => `${this.#number(depth)} ${this.#comparison()} ${this.#number(depth)}`,
      () => `(${this.#uuid(depth)}) is ${this.#not()} null`,
      () => `tenant_id ${this.#not()} in (${this.#uuid(depth)}, ${this.#uuid(depth)})`,
      () => 'b',
      () => this.#random.pick(['true', 'false', 'null::boolean']),
    ]
    const nested = [
      () => `(${more()} and ${more()})`,
      () => `(${more()} or ${more()})`,
      () => `not (${more()})`,
      () => `(${more()}) is ${this.#not()} ${this.#random.pick(['true', 'false', 'unknown'])}`,
      () => `case when ${more()} then ${more()} when ${more()} then ${more()} else ${more()} end`,
      () => `coalesce(${more()}, ${more()})`,
      () => `exists (select where ${more()})`,
      () => `(select ${more()} where ${more()})`,
    ]
    return this.#random.pick(depth > 0 ? [...simple, ...nested, ...nested] : simple)()
  }

  #comparison(): string {
    return this.#random.pick(['=', '=', '<>', 'is distinct from', 'is not distinct from', '<'])
  }

  #not(): string {
    return this.#random.pick(['', 'not'])
  }

  #setting(): string {
    return `current_setting('${this.#random.pick(NAMES)}'${this.#random.chance(80) ? ', true' : ''})`
  }

  #uuid(depth: number): string {
    const text = [
      'tenant_id',
      `'${this.#random.pick(UUIDS)}'::uuid`,
      `nullif(${this.#setting()}, '')::uuid`,
      `${this.#setting()}::uuid`,
    ]
    return this.#random.pick([...text, ...this.#nested(depth, () => this.#uuid(depth - 1))])
  }

  #text(depth: number): string {
    const text = [
      'a',
      "'x'",
      "''",
      this.#setting(),
      'tenant_id::text',
      'current_user::text',
      'n::text',
      'lower(a)',
    ]
    return this.#random.pick([...text, ...this.#nested(depth, () => this.#text(depth - 1))])
  }

  #number(depth: number): string {
    const text = ['n', '7', `nullif(${this.#setting()}, '')::bigint`, `${this.#setting()}::numeric`]
    return this.#random.pick([...text, ...this.#nested(depth, () => this.#number(depth - 1))])
  }

  #nested(depth: number, inner: () => string): readonly string[] {
    if (depth <= 0) return []
    const condition = this.condition(depth - 1)
    return [
      `(select ${inner()})`,
      `coalesce(${inner()}, ${inner()})`,
      `nullif(${inner()}, ${inner()})`,
      `case when ${condition} then ${inner()} else ${inner()} end`,
    ]
  }
}
