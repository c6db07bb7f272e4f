/** Draws numbers that depend on the seed alone. */
export interface Random {
  /** An integer of 0 to `below - 1`, each as likely. */
  below(below: number): number
  /** An index into `weights`, each as likely as its weight is large. */
  weighted(weights: readonly number[]): number
  /** As many hexadecimal digits. */
  hex(digits: number): string
}

/** Splitmix32; not for secrets. The draws of one stream do not disturb those of another. */
export function createRandom(seed: number, stream: string): Random {
  let state = hash(`${seed}:${stream}`)
  const next = () => {
    state = (state + 0x9e3779b9) | 0
    let mixed = state ^ (state >>> 16)
    mixed = Math.imul(mixed, 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return (mixed ^ (mixed >>> 15)) >>> 0
  }
  return {
    below: (below) => Math.floor((next() / 2 ** 32) * below),
    weighted(weights) {
      let left = (next() / 2 ** 32) * weights.reduce((sum, weight) => sum + weight, 0)
      const index = weights.findIndex((weight) => {
        left -= weight
        return left < 0
      })
      // Rounding can leave a crumb behind the last weight.
      return index === -1 ? weights.length - 1 : index
    },
    hex: (digits) => Array.from({ length: digits }, () => (next() >>> 28).toString(16)).join(''),
  }
}

/** FNV-1a. */
function hash(text: string): number {
  let state = 0x811c9dc5
  for (const character of text) {
    state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x01000193)
  }
  return state
}
