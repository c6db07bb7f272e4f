import type { Node, Program } from 'oxc-parser'
import type { SourceParser } from './load-parser.ts'

/** A file, taken apart. */
export class ParsedSource {
  /** Relative to the folder under audit, with slashes. */
  readonly path: string
  readonly program: Program
  /** All nodes, each before those in it. */
  readonly nodes: readonly Node[]
  /** Whether the parser met what is no JavaScript or TypeScript; the nodes are then not all. */
  readonly isBroken: boolean
  readonly #parents = new Map<Node, Node>()
  readonly #lineStarts: readonly number[]

  constructor(path: string, text: string, { parseSync, visitorKeys }: SourceParser) {
    const { program, errors } = parseSync(path, text, { preserveParens: false })
    this.path = path
    this.program = program
    this.isBroken = errors.some(({ severity }) => severity === 'Error')
    this.#lineStarts = [
      0,
      ...[...text.matchAll(/\r\n?|[\n\u2028\u2029]/g)].map(({ 0: end, index }) => index + end.length),
    ]
    const nodes: Node[] = [program]
    // The list grows while it is gone through, so that it ends up in the order of levels, then is sorted by place.
    for (const node of nodes) {
      for (const child of childrenOf(node, visitorKeys)) {
        this.#parents.set(child, node)
        nodes.push(child)
      }
    }
    this.nodes = nodes.sort((a, b) => a.start - b.start || b.end - a.end)
  }

  parentOf(node: Node): Node | undefined {
    return this.#parents.get(node)
  }

  /** The nodes around one, from the inside. */
  *around(node: Node): Generator<Node> {
    for (let outer = this.parentOf(node); outer; outer = this.parentOf(outer)) yield outer
  }

  /** The line, counted from 1, of an offset in UTF-16 units. */
  lineOf(offset: number): number {
    let [low, high] = [0, this.#lineStarts.length]
    while (high - low > 1) {
      const middle = (low + high) >>> 1
      if ((this.#lineStarts[middle] ?? 0) <= offset) low = middle
      else high = middle
    }
    return low + 1
  }
}

function childrenOf(node: Node, keys: SourceParser['visitorKeys']): readonly Node[] {
  const fields = new Map<string, unknown>(Object.entries(node))
  return (keys[node.type] ?? []).flatMap((key) => {
    const value = fields.get(key)
    return (Array.isArray(value) ? value : [value]).filter(isNode)
  })
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value
}
