import { describe, expect, it } from 'vitest'
import { readTree } from '../../../src/rls/expression/read-tree.ts'
import { isNode, nodeIn, nodesIn, textIn } from '../../../src/rls/expression/tree-node.ts'

function fieldOf(text: string, field: string) {
  const tree = readTree(text)
  return isNode(tree) ? tree.fields.get(field) : undefined
}

describe('the text of a pg_node_tree', () => {
  it('is read into nodes, lists, scalars and empty pointers', () => {
    const tree = readTree(
      '{OPEXPR :opno 98 :args ({VAR :varattno 1} {PARAM :paramid 2}) :filter <> :location -1}',
    )
    if (!isNode(tree)) throw new Error('no node')
    expect(tree.type).toBe('OPEXPR')
    expect(nodesIn(tree, 'args').map(({ type }) => type)).toEqual(['VAR', 'PARAM'])
    expect(textIn(tree, 'location')).toBe('-1')
    expect(nodeIn(tree, 'filter')).toBeUndefined()
  })

  it('has bytes with a sign, as C prints its char', () => {
    expect(fieldOf('{CONST :constvalue 5 [ 20 0 0 0 -61 ]}', 'constvalue')).toEqual(
      Uint8Array.of(20, 0, 0, 0, 195),
    )
  })

  it('may name a column like a field', () => {
    const text = '{TARGETENTRY :resname :opno :ressortgroupref 0 :resjunk false}'
    expect(fieldOf(text, 'resname')).toBe(':opno')
    expect(fieldOf(text, 'opno')).toBeUndefined()
    expect(fieldOf(text, 'ressortgroupref')).toBe('0')
  })

  it('escapes what would end a name', () => {
    expect(fieldOf('{ALIAS :aliasname \\{x\\ \\)\\\\\\} :colnames <>}', 'aliasname')).toBe('{x )\\}')
    expect(fieldOf('{ALIAS :aliasname \\<> :colnames <>}', 'aliasname')).toBe('<>')
  })

  it.each([
    '{VAR :varattno 1',
    '(1 2',
    '{VAR :varattno 1}}',
    '{VAR varattno 1}',
    '{CONST :constvalue 4 [ 1 0',
    '',
  ])('is refused where it is broken: %s', (text) => expect(() => readTree(text)).toThrow(SyntaxError))
})
