import type { Node } from 'oxc-parser'
import type { ParsedSource } from './parsed-source.ts'
import { nameOf } from './scopes.ts'

/** What is known of a field of a class. */
export interface ClassField {
  readonly annotation?: Node | undefined
  readonly value?: Node | undefined
}

/** Finds a field of the class that `this` belongs to: declared, a parameter property, or assigned to. */
export function classField(source: ParsedSource, self: Node, name: string): ClassField | undefined {
  const owner = [...source.around(self)].find(
    ({ type }) => type === 'ClassDeclaration' || type === 'ClassExpression',
  )
  if (!owner) return undefined
  const inside = source.nodes.filter(({ start, end }) => start >= owner.start && end <= owner.end)
  const fields = inside.flatMap((node) => readField(node, name))
  return fields.find(({ annotation }) => annotation) ?? fields[0]
}

function readField(node: Node, name: string): readonly ClassField[] {
  switch (node.type) {
    case 'PropertyDefinition':
      if (node.computed || nameOf(node.key) !== name || (!node.typeAnnotation && !node.value)) return []
      return [{ annotation: node.typeAnnotation ?? undefined, value: node.value ?? undefined }]
    case 'TSParameterProperty': {
      const { parameter } = node
      const target = parameter.type === 'AssignmentPattern' ? parameter.left : parameter
      if (target.type !== 'Identifier' || target.name !== name) return []
      return [{ annotation: target.typeAnnotation ?? undefined }]
    }
    case 'AssignmentExpression': {
      const { left, right } = node
      const isField =
        left.type === 'MemberExpression' && left.object.type === 'ThisExpression' && !left.computed
      return isField && nameOf(left.property) === name ? [{ value: right }] : []
    }
    default:
      return []
  }
}
