import { ConfigError } from './errors/config.ts'

/**
 * Marks what this package makes, for every copy of it in the process. A bundle beside the installed package, or two versions of it,
 * have classes of their own, to which `instanceof` is blind.
 */
export const MADE: unique symbol = Symbol.for('leasehold.made')

/** What is marked. */
export type Made = 'database' | 'router'

/** Whether a value is of that kind, whichever copy has made it. */
export function isMade(kind: Made, value: unknown): boolean {
  return typeof value === 'object' && value !== null && MADE in value && value[MADE] === kind
}

/**
 * Refuses what another copy has made, in words that say so: what works inside of it is that copy's own.
 *
 * @param path the option that it was given as
 * @throws {ConfigError}
 */
export function refuseForeign(kind: Made, value: unknown, path: string): void {
  if (!isMade(kind, value)) return
  throw new ConfigError(
    `${path} was made by another copy of leasehold in this process. Load it once: leave it out of bundles ` +
      '(serverExternalPackages in Next.js, external elsewhere), and have one version installed.',
  )
}
