/** Errors by their message, without the numbers in it. */
export type ErrorsSeen = Readonly<Record<string, number>>

/** Counts errors. */
export class ErrorTally {
  readonly #counts = new Map<string, number>()

  add(error: unknown): void {
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    const key = message.replaceAll(/\d+(\.\d+)?/g, 'n')
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1)
  }

  seen(): ErrorsSeen {
    return Object.fromEntries(this.#counts)
  }
}

export function addErrors(some: ErrorsSeen, more: ErrorsSeen): ErrorsSeen {
  const names = new Set([...Object.keys(some), ...Object.keys(more)])
  return Object.fromEntries([...names].map((name) => [name, (some[name] ?? 0) + (more[name] ?? 0)]))
}

export function countErrors(errors: ErrorsSeen): number {
  return Object.values(errors).reduce((sum, count) => sum + count, 0)
}
