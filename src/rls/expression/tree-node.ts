/** A node of a stored expression: its type in capitals, and its fields. */
export interface TreeNode {
  readonly type: string
  readonly fields: ReadonlyMap<string, TreeValue>
}

/** What a field holds; a datum is bytes, every other scalar its text. */
export type TreeValue = TreeNode | readonly TreeValue[] | Uint8Array | string | null

export function isNode(value: TreeValue | undefined): value is TreeNode {
  return typeof value === 'object' && value !== null && 'fields' in value
}

function isList(value: TreeValue | undefined): value is readonly TreeValue[] {
  return Array.isArray(value)
}

/** The node in a field, or `undefined` where it is empty. */
export function nodeIn(node: TreeNode, field: string): TreeNode | undefined {
  const value = node.fields.get(field)
  return isNode(value) ? value : undefined
}

/** The nodes of a list in a field. */
export function nodesIn(node: TreeNode, field: string): readonly TreeNode[] {
  const value = node.fields.get(field)
  return isList(value) ? value.filter((item) => isNode(item)) : []
}

/** The text in a field; empty where there is none. */
export function textIn(node: TreeNode, field: string): string {
  const value = node.fields.get(field)
  return typeof value === 'string' ? value : ''
}

/** The number in a field, such as an OID; 0 where there is none. */
export function numberIn(node: TreeNode, field: string): number {
  return Number(textIn(node, field))
}

/** All nodes right below a node, however deep in lists. */
export function nodesBelow(node: TreeNode): readonly TreeNode[] {
  return [...node.fields.values()].flatMap(nodesOf)
}

function nodesOf(value: TreeValue): readonly TreeNode[] {
  if (isNode(value)) return [value]
  return isList(value) ? value.flatMap(nodesOf) : []
}
