import type { Node } from 'oxc-parser'
import type { ParsedSource } from './parsed-source.ts'
import { nameOf } from './scopes.ts'

/** Where what a file exports comes from: a value in the file, or another file. */
export type ExportOrigin =
  | { readonly from: string; readonly name: string; readonly value?: never }
  | { readonly value: Node; readonly from?: never }

/**
 * Finds what a file may export under a name, of modules and of CommonJS; `module.exports` is the name of the whole of
 * the latter. A name of its own goes before those that `export *` hands on, of which any may have it.
 */
export function findExports({ program }: ParsedSource, name: string): readonly ExportOrigin[] {
  for (const statement of program.body) {
    const found = readExport(statement, name) ?? readCommonJs(statement, name)
    if (found) return [found]
  }
  if (name === 'default') return []
  return program.body.flatMap((statement) =>
    statement.type === 'ExportAllDeclaration' && !statement.exported
      ? [{ from: statement.source.value, name }]
      : [],
  )
}

function readExport(statement: Node, name: string): ExportOrigin | undefined {
  if (statement.type === 'ExportDefaultDeclaration' && name === 'default')
    return { value: statement.declaration }
  if (statement.type !== 'ExportNamedDeclaration') return undefined
  if (statement.declaration?.type === 'VariableDeclaration') {
    for (const { id } of statement.declaration.declarations) {
      // The name itself leads to its declaration, with its type.
      if (id.type === 'Identifier' && id.name === name) return { value: id }
    }
  }
  for (const { local, exported } of statement.specifiers) {
    if (nameOf(exported) !== name) continue
    return statement.source ? { from: statement.source.value, name: nameOf(local) } : { value: local }
  }
  return undefined
}

/** `module.exports = x`, `module.exports = { name }` and `exports.name = x`. */
function readCommonJs(statement: Node, name: string): ExportOrigin | undefined {
  if (statement.type !== 'ExpressionStatement' || statement.expression.type !== 'AssignmentExpression')
    return undefined
  const { left, right } = statement.expression
  if (left.type !== 'MemberExpression' || left.computed) return undefined
  if (isNamed(left.object, 'exports') || isModuleExports(left.object)) {
    return nameOf(left.property) === name ? { value: right } : undefined
  }
  if (!isModuleExports(left)) return undefined
  if (right.type !== 'ObjectExpression')
    return name === 'module.exports' || name === 'default' ? { value: right } : undefined
  for (const property of right.properties) {
    if (property.type === 'Property' && !property.computed && nameOf(property.key) === name)
      return { value: property.value }
  }
  return undefined
}

function isModuleExports(node: Node): boolean {
  return (
    node.type === 'MemberExpression' && isNamed(node.object, 'module') && nameOf(node.property) === 'exports'
  )
}

function isNamed(node: Node, name: string): boolean {
  return node.type === 'Identifier' && node.name === name
}
