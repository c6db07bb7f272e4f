/** A node that carries its own links, so that joining a list allocates nothing. It stands in one list at a time. */
export interface Linked<Node> {
  before: Node | undefined
  behind: Node | undefined
}

/** A doubly linked list of such nodes: joining, leaving from anywhere and moving cost the same at every length. */
export class LinkedList<Node extends Linked<Node>> {
  #first: Node | undefined
  #last: Node | undefined
  #length = 0

  get first(): Node | undefined {
    return this.#first
  }

  get length(): number {
    return this.#length
  }

  append(node: Node): void {
    node.before = this.#last
    node.behind = undefined
    if (this.#last) this.#last.behind = node
    else this.#first = node
    this.#last = node
    this.#length += 1
  }

  /** @param node one that stands in this list */
  remove(node: Node): void {
    const { before, behind } = node
    if (before) before.behind = behind
    else this.#first = behind
    if (behind) behind.before = before
    else this.#last = before
    // A node outlives its place in the list, and must not keep its former neighbours alive.
    node.before = undefined
    node.behind = undefined
    this.#length -= 1
  }
}
