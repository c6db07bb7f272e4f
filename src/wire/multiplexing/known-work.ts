import type { ContextTenant } from '../../context/no-tenant.ts'
import type { WireStatement } from '../statement.ts'

/** Texts that are remembered as quick, and of all tenants together as slow. */
const MOST_QUICK = 10_000
const MOST_SLOW = 1_000

/**
 * What is known of statements that ran before: which are quick for somebody, and which took long, and for whom, for what is quick for one
 * tenant is slow for one with a hundred times the rows. Pure; it goes by the last time.
 */
export class KnownWork {
  readonly #quick = new Set<string>()
  readonly #slow = new Map<ContextTenant, Set<string>>()
  #slowSize = 0

  get slowSize(): number {
    return this.#slowSize
  }

  isQuick(statements: readonly WireStatement[]): boolean {
    return this.#quick.has(textOf(statements))
  }

  isSlow(tenant: ContextTenant, statements: readonly WireStatement[]): boolean {
    // Most of the time there is none at all.
    if (this.#slowSize === 0) return false
    return this.#slow.get(tenant)?.has(textOf(statements)) ?? false
  }

  wasQuick(tenant: ContextTenant, statements: readonly WireStatement[]): void {
    const text = textOf(statements)
    if (this.#quick.size >= MOST_QUICK) this.#quick.clear()
    this.#quick.add(text)
    const texts = this.#slow.get(tenant)
    if (!texts?.delete(text)) return
    this.#slowSize -= 1
    if (texts.size === 0) this.#slow.delete(tenant)
  }

  /** It took longer than it should, for whatever reason: it is quick again once it was. */
  doubt(statements: readonly WireStatement[]): void {
    this.#quick.delete(textOf(statements))
  }

  wasSlow(tenant: ContextTenant, statements: readonly WireStatement[]): void {
    const text = textOf(statements)
    const texts = this.#slow.get(tenant) ?? new Set()
    const before = texts.size
    // It may be slow for others as well by now.
    this.#quick.delete(text)
    this.#slow.set(tenant, texts.add(text))
    this.#slowSize += texts.size - before
    while (this.#slowSize > MOST_SLOW) this.#forgetOldest()
  }

  #forgetOldest(): void {
    const [oldest] = this.#slow
    if (!oldest) return
    this.#slow.delete(oldest[0])
    this.#slowSize -= oldest[1].size
  }
}

function textOf(statements: readonly WireStatement[]): string {
  const [first] = statements
  return statements.length === 1 && first ? first.text : statements.map(({ text }) => text).join('\n')
}
