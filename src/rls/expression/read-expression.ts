import type { BooleanTest, Case, Expression, Membership, Subquery } from './expression.ts'
import { readConstant } from './read-constant.ts'
import { readQuery } from './read-query.ts'
import { readTree } from './read-tree.ts'
import { isNode, nodeIn, nodesBelow, nodesIn, numberIn, type TreeNode, textIn } from './tree-node.ts'

/**
 * Reads an expression from the text of a `pg_node_tree`, such as `pg_policy.polqual` or `pg_proc.prosqlbody`.
 *
 * @throws {SyntaxError} when it is no tree
 */
export function readExpression(text: string): Expression {
  const tree = readTree(text)
  if (isNode(tree)) return fromNode(tree)
  const nodes = Array.isArray(tree) ? tree.filter((item) => isNode(item)) : []
  return { kind: 'other', node: 'LIST', args: nodes.map(fromNode) }
}

/** SVFOP_CURRENT_ROLE, _CURRENT_USER and _USER are one; then comes SVFOP_SESSION_USER (primnodes.h). */
const USERS: Readonly<Record<string, boolean>> = { 9: false, 10: false, 11: false, 12: true }
/** BoolTestType (primnodes.h), by its number. */
const TESTS: readonly Pick<BooleanTest, 'is' | 'negated'>[] = (['t', 'f', null] as const).flatMap((is) => [
  { is, negated: false },
  { is, negated: true },
])
/** SubLinkType (primnodes.h). */
const LINKS: Readonly<Record<string, Subquery['link']>> = { 0: 'exists', 4: 'scalar' }
const OPERATIONS = { OPEXPR: 'operator', DISTINCTEXPR: 'distinct', NULLIFEXPR: 'nullif' } as const
const CASTS = { RELABELTYPE: 'relabel', COERCEVIAIO: 'text', COERCETODOMAIN: 'domain' } as const

function fromNode(node: TreeNode): Expression {
  const args = () => nodesIn(node, 'args').map(fromNode)
  const below = (): Expression => ({ kind: 'other', node: node.type, args: nodesBelow(node).map(fromNode) })
  switch (node.type) {
    case 'CONST':
      return readConstant(node)
    case 'VAR':
      return {
        kind: 'column',
        number: numberIn(node, 'varattno'),
        level: numberIn(node, 'varlevelsup'),
        type: numberIn(node, 'vartype'),
      }
    case 'FUNCEXPR':
      return {
        kind: 'call',
        function: numberIn(node, 'funcid'),
        type: numberIn(node, 'funcresulttype'),
        args: args(),
      }
    case 'OPEXPR':
    case 'DISTINCTEXPR':
    case 'NULLIFEXPR':
      return {
        kind: 'operation',
        form: OPERATIONS[node.type],
        operator: numberIn(node, 'opno'),
        args: args(),
      }
    case 'RELABELTYPE':
    case 'COERCEVIAIO':
    case 'COERCETODOMAIN':
      return {
        kind: 'cast',
        type: numberIn(node, 'resulttype'),
        arg: only(node, 'arg'),
        by: CASTS[node.type],
      }
    case 'BOOLEXPR':
      return { kind: logicOf(textIn(node, 'boolop')), args: args() }
    case 'NULLTEST':
      // IS NULL of a row is about its columns: IS NOT NULL is not its opposite.
      if (textIn(node, 'argisrow') === 'true') return below()
      return { kind: 'null-test', arg: only(node, 'arg'), isNull: textIn(node, 'nulltesttype') === '0' }
    case 'BOOLEANTEST': {
      const test = TESTS[numberIn(node, 'booltesttype')]
      return test ? { kind: 'boolean-test', arg: only(node, 'arg'), ...test } : below()
    }
    case 'CASEEXPR':
      return readCase(node)
    case 'COALESCEEXPR':
      return { kind: 'coalesce', args: args() }
    case 'SCALARARRAYOPEXPR':
      return readMembership(node)
    case 'SQLVALUEFUNCTION': {
      const session = USERS[textIn(node, 'op')]
      return session === undefined ? below() : { kind: 'current-user', session }
    }
    case 'SUBLINK':
      return readSubquery(node)
    case 'QUERY':
      return readQuery(node, fromNode)
    default:
      return below()
  }
}

function only(node: TreeNode, field: string): Expression {
  const child = nodeIn(node, field)
  return child ? fromNode(child) : { kind: 'other', node: 'NOTHING', args: [] }
}

function logicOf(operator: string): 'and' | 'or' | 'not' {
  if (operator === 'and' || operator === 'or' || operator === 'not') return operator
  throw new SyntaxError(`A pg_node_tree has the boolean operator ${JSON.stringify(operator)}.`)
}

function readCase(node: TreeNode): Case {
  const arg = nodeIn(node, 'arg')
  return {
    kind: 'case',
    arg: arg && fromNode(arg),
    whens: nodesIn(node, 'args').map((when) => ({
      condition: only(when, 'expr'),
      result: only(when, 'result'),
    })),
    otherwise: only(node, 'defresult'),
  }
}

function readMembership(node: TreeNode): Membership {
  const [arg, array] = nodesIn(node, 'args')
  const nothing: Expression = { kind: 'other', node: 'NOTHING', args: [] }
  const isList = array?.type === 'ARRAYEXPR' && textIn(array, 'multidims') === 'false'
  return {
    kind: 'membership',
    operator: numberIn(node, 'opno'),
    some: textIn(node, 'useOr') === 'true',
    arg: arg ? fromNode(arg) : nothing,
    elements: isList ? nodesIn(array, 'elements').map(fromNode) : undefined,
    array: array ? fromNode(array) : nothing,
  }
}

function readSubquery(node: TreeNode): Subquery {
  const test = nodeIn(node, 'testexpr')
  const query = nodeIn(node, 'subselect')
  if (!query) throw new SyntaxError('A pg_node_tree has a SUBLINK without a query.')
  return {
    kind: 'subquery',
    link: LINKS[textIn(node, 'subLinkType')] ?? 'other',
    test: test && fromNode(test),
    query: readQuery(query, fromNode),
  }
}
