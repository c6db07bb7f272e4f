import type { Expression, Query } from './expression.ts'
import { nodeIn, nodesBelow, nodesIn, numberIn, type TreeNode, textIn } from './tree-node.ts'

/** Fields of a QUERY that are empty, `0` or `false` in a plain `select a where b`. */
const EXTRAS = [
  'cteList',
  'rtable',
  'groupClause',
  'groupingSets',
  'havingQual',
  'limitOffset',
  'limitCount',
  'setOperations',
] as const
/** RTEKind RTE_RELATION (parsenodes.h). */
const RELATION = '0'

/**
 * Reads a QUERY node: what tells whether it has one row, and everything that it evaluates.
 *
 * @param read reads what is inside
 */
export function readQuery(node: TreeNode, read: (node: TreeNode) => Expression): Query {
  const tables = nodesIn(node, 'rtable').filter((entry) => textIn(entry, 'rtekind') === RELATION)
  return {
    kind: 'query',
    relations: tables.map((entry) => numberIn(entry, 'relid')),
    bare: readBare(node, read),
    args: nodesBelow(node).map(read),
  }
}

function readBare(node: TreeNode, read: (node: TreeNode) => Expression): Query['bare'] {
  const isPlain = EXTRAS.every((field) => node.fields.get(field) === null)
  const isPerRow = textIn(node, 'hasAggs') === 'false' && textIn(node, 'hasTargetSRFs') === 'false'
  if (!isPlain || !isPerRow || textIn(node, 'commandType') !== '1') return undefined
  const targets = nodesIn(node, 'targetList').filter((entry) => textIn(entry, 'resjunk') === 'false')
  const from = nodeIn(node, 'jointree')
  const target = targets.length === 1 && targets[0] ? nodeIn(targets[0], 'expr') : undefined
  const condition = from && nodeIn(from, 'quals')
  return { target: target && read(target), condition: condition && read(condition) }
}
