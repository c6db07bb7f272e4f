import type { TreeNode, TreeValue } from './tree-node.ts'

/**
 * Reads the text of a `pg_node_tree`, in which PostgreSQL stores expressions with all names resolved to OIDs.
 *
 * Its grammar is that of `pg_strtok` in src/backend/nodes/read.c, the same in PostgreSQL 15 to 18: tokens end at white
 * space and at brackets, unless a backslash stands before; `<>` is an empty pointer.
 *
 * @throws {SyntaxError} when the text is not such a tree
 */
export function readTree(text: string): TreeValue {
  const reader = new Reader(text)
  const value = reader.value()
  reader.end()
  return value
}

const NULL = '<>'

class Reader {
  readonly #tokens: readonly string[]
  #next = 0

  constructor(text: string) {
    this.#tokens = text.match(/[(){}]|(?:\\.|[^\s(){}\\])+/gs) ?? []
  }

  value(): TreeValue {
    const token = this.#take()
    if (token === '{') return this.#node()
    if (token === '(') return this.#list()
    if (token === NULL) return null
    return token.replaceAll(/\\(.)/gs, '$1')
  }

  end(): void {
    if (this.#next < this.#tokens.length) throw this.#unexpected(this.#peek())
  }

  #node(): TreeNode {
    const type = this.#take()
    const fields = new Map<string, TreeValue>()
    while (this.#peek() !== '}') {
      const name = this.#take()
      if (!name.startsWith(':')) throw this.#unexpected(name)
      fields.set(name.slice(1), this.#field())
    }
    this.#take()
    return { type, fields }
  }

  /** The first token is the field's even when it begins with a colon, as the name of a column may. */
  #field(): TreeValue {
    const first = this.value()
    if (this.#peek() === '[') return this.#bytes()
    const more: TreeValue[] = []
    while (this.#peek() !== '}' && !this.#peek().startsWith(':')) more.push(this.value())
    return more.length > 0 ? [first, ...more] : first
  }

  #list(): readonly TreeValue[] {
    const items: TreeValue[] = []
    while (this.#peek() !== ')') items.push(this.value())
    this.#take()
    return items
  }

  /** `_outDatum` prints C's `char`, which has a sign on most machines. */
  #bytes(): Uint8Array {
    const bytes: number[] = []
    this.#take()
    while (this.#peek() !== ']') bytes.push(Number(this.#take()) & 0xff)
    this.#take()
    return Uint8Array.from(bytes)
  }

  #peek(): string {
    const token = this.#tokens[this.#next]
    if (token === undefined) throw new SyntaxError('The expression ends too early for a pg_node_tree.')
    return token
  }

  #take(): string {
    const token = this.#peek()
    this.#next += 1
    return token
  }

  #unexpected(token: string): SyntaxError {
    return new SyntaxError(`A pg_node_tree has ${JSON.stringify(token)} at its token ${this.#next}.`)
  }
}
