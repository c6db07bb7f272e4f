import type { Node } from 'oxc-parser'
import type { ParsedSource } from './parsed-source.ts'

/** What a name stands for. */
export type Declaration =
  | { readonly kind: 'import'; readonly from: string; readonly name: string }
  | {
      readonly kind: 'value'
      /** What it is made from, taken along `path`. */
      readonly init: Node | undefined
      readonly path: readonly string[]
      readonly annotation: Node | undefined
    }
  /** A function, a class, or what nothing is known of. */
  | { readonly kind: 'opaque' }

const OPAQUE: Declaration = { kind: 'opaque' }

const FUNCTIONS = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'])
const BLOCKS = new Set([
  'BlockStatement',
  'CatchClause',
  'ForInStatement',
  'ForOfStatement',
  'ForStatement',
  'StaticBlock',
  'SwitchStatement',
  'TSModuleBlock',
])

/** Says what a name means at a place of a file, so that one name of two is not taken for the other. */
export class Scopes {
  readonly #source: ParsedSource
  readonly #names = new Map<Node, Map<string, Declaration>>()

  constructor(source: ParsedSource) {
    this.#source = source
    for (const node of source.nodes) this.#declare(node)
  }

  /** What the name means where the node stands; undefined for globals. */
  resolve(name: string, at: Node): Declaration | undefined {
    for (const scope of [at, ...this.#source.around(at)]) {
      const declaration = this.#names.get(scope)?.get(name)
      if (declaration) return declaration
    }
    return undefined
  }

  #declare(node: Node): void {
    switch (node.type) {
      case 'ImportDeclaration':
        for (const specifier of node.specifiers) {
          const name =
            specifier.type === 'ImportSpecifier'
              ? nameOf(specifier.imported)
              : specifier.type === 'ImportDefaultSpecifier'
                ? 'default'
                : '*'
          this.#add(this.#source.program, specifier.local.name, {
            kind: 'import',
            from: node.source.value,
            name,
          })
        }
        return
      case 'VariableDeclarator': {
        const list = this.#source.parentOf(node)
        const isVar = list?.type === 'VariableDeclaration' && list.kind === 'var'
        this.#bind(this.#scopeOf(node, isVar), node.id, [], node.init ?? undefined)
        return
      }
      case 'FunctionDeclaration':
      case 'ClassDeclaration':
        if (node.id) this.#add(this.#scopeOf(node, false), node.id.name, OPAQUE)
        break
      case 'CatchClause':
        if (node.param) this.#bind(node, node.param, [], undefined)
        return
    }
    if (
      node.type === 'FunctionDeclaration' ||
      node.type === 'FunctionExpression' ||
      node.type === 'ArrowFunctionExpression'
    ) {
      for (const parameter of node.params) {
        this.#bind(
          node,
          parameter.type === 'TSParameterProperty' ? parameter.parameter : parameter,
          [],
          undefined,
        )
      }
    }
  }

  #scopeOf(node: Node, isVar: boolean): Node {
    for (const outer of this.#source.around(node)) {
      if (FUNCTIONS.has(outer.type) || outer.type === 'Program' || (!isVar && BLOCKS.has(outer.type)))
        return outer
    }
    return this.#source.program
  }

  #bind(scope: Node, pattern: Node, path: readonly string[], init: Node | undefined): void {
    switch (pattern.type) {
      case 'Identifier': {
        const annotation = 'typeAnnotation' in pattern ? (pattern.typeAnnotation ?? undefined) : undefined
        this.#add(scope, pattern.name, { kind: 'value', init, path, annotation })
        return
      }
      case 'AssignmentPattern':
        this.#bind(scope, pattern.left, path, init ?? pattern.right)
        return
      case 'ObjectPattern':
        for (const property of pattern.properties) {
          if (property.type === 'RestElement') this.#bindUnknown(scope, property.argument)
          else if (property.computed) this.#bindUnknown(scope, property.value)
          else this.#bind(scope, property.value, [...path, nameOf(property.key)], init)
        }
        return
      case 'ArrayPattern':
        for (const element of pattern.elements) if (element) this.#bindUnknown(scope, element)
        return
      case 'RestElement':
        this.#bindUnknown(scope, pattern.argument)
    }
  }

  /** Names that hide others, of which nothing more is known. */
  #bindUnknown(scope: Node, pattern: Node): void {
    this.#bind(scope, pattern.type === 'RestElement' ? pattern.argument : pattern, [], undefined)
  }

  #add(scope: Node, name: string, declaration: Declaration): void {
    const names = this.#names.get(scope) ?? new Map<string, Declaration>()
    if (!names.has(name)) names.set(name, declaration)
    this.#names.set(scope, names)
  }
}

/** What a name or a key spells. */
export function nameOf(node: Node): string {
  if (node.type === 'Identifier') return node.name
  if (node.type === 'PrivateIdentifier') return `#${node.name}`
  return node.type === 'Literal' ? String(node.value) : ''
}
