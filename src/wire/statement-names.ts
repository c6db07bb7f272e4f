import { createHash } from 'node:crypto'

/** A text under the name that it is prepared as. */
export interface NamedText {
  readonly name: string
  readonly text: string
}

interface Known {
  /** Absent until the text has been seen a second time: preparing what is used once only costs. */
  named: NamedText | undefined
  epoch: number
}

/** A longer text is most likely built for one use, and is not worth its memory. */
const LONGEST_TEXT = 8_192

/**
 * Which statements are worth a name, and their names: hashes of their texts, so that one name never means two texts,
 * whichever process prepared it. Bounded; the least recently used text is forgotten first.
 */
export class StatementNames {
  readonly #limit: number
  readonly #known = new Map<string, Known>()

  /** @param limit texts that are remembered */
  constructor(limit = 1_000) {
    this.#limit = limit
  }

  /** The name of a text, or nothing where it should be sent without. */
  nameOf(text: string): NamedText | undefined {
    if (text.length > LONGEST_TEXT) return undefined
    const known = this.#known.get(text)
    if (!known) {
      this.#remember(text, { named: undefined, epoch: 0 })
      return undefined
    }
    this.#known.delete(text)
    this.#known.set(text, known)
    known.named ??= nameText(text, known.epoch)
    return known.named
  }

  /**
   * Gives a text another name, and a comment in front, from now on. The name alone would not do: pgbouncer 1.21 and later
   * prepare equal texts of all clients as one statement on the server.
   */
  renew(text: string): void {
    const known = this.#known.get(text)
    if (!known) return
    known.epoch += 1
    known.named = undefined
  }

  #remember(text: string, known: Known): void {
    this.#known.set(text, known)
    if (this.#known.size <= this.#limit) return
    const [oldest] = this.#known.keys()
    if (oldest !== undefined) this.#known.delete(oldest)
  }
}

function nameText(original: string, epoch: number): NamedText {
  const text = epoch === 0 ? original : `/*${epoch}*/ ${original}`
  return { name: `lsh_${createHash('sha256').update(text).digest('base64url').slice(0, 22)}`, text }
}
