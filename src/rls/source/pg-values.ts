import type { Node } from 'oxc-parser'
import { classField } from './class-field.ts'
import { findExports } from './find-exports.ts'
import { type Declaration, nameOf } from './scopes.ts'
import type { ScopedSource, SourceSet } from './source-set.ts'

/** What of pg an expression gives. */
export type PgKind = 'module' | 'pool class' | 'client class' | 'pool' | 'client'

/** Of pg, or all that a file of the program exports. */
type Value = PgKind | ScopedSource

const OF_MODULE: Readonly<Record<string, PgKind>> = {
  default: 'module',
  '*': 'module',
  Pool: 'pool class',
  Client: 'client class',
}
/** The types of instances; classes are types too. */
const OF_TYPE: Readonly<Record<string, PgKind>> = {
  Pool: 'pool',
  Client: 'client',
  PoolClient: 'client',
  ClientBase: 'client',
}

/** Follows pools and clients of pg through names, fields of classes and files. */
export class PgValues {
  readonly #set: SourceSet
  /** Undefined while it is being found out, so that a circle ends. */
  readonly #known = new Map<Node, Value | undefined>()

  constructor(set: SourceSet) {
    this.#set = set
  }

  kindOf(expression: Node, file: ScopedSource): PgKind | undefined {
    const value = this.#valueOf(expression, file)
    return typeof value === 'string' ? value : undefined
  }

  #valueOf(node: Node, file: ScopedSource): Value | undefined {
    if (this.#known.has(node)) return this.#known.get(node)
    this.#known.set(node, undefined)
    const value = this.#findOut(node, file)
    this.#known.set(node, value)
    return value
  }

  #findOut(node: Node, file: ScopedSource): Value | undefined {
    switch (node.type) {
      case 'Identifier':
        return this.#declared(file.scopes.resolve(node.name, node), file)
      case 'MemberExpression':
        if (node.computed) return undefined
        return node.object.type === 'ThisExpression'
          ? this.#field(node.object, nameOf(node.property), file)
          : this.#property(this.#valueOf(node.object, file), nameOf(node.property))
      case 'NewExpression': {
        const made = this.#valueOf(node.callee, file)
        return made === 'pool class' ? 'pool' : made === 'client class' ? 'client' : undefined
      }
      case 'CallExpression':
        return this.#called(node.callee, node.arguments[0], file)
      case 'ImportExpression':
        return this.#module(node.source, file)
      case 'LogicalExpression':
        return this.#valueOf(node.left, file) ?? this.#valueOf(node.right, file)
      case 'ConditionalExpression':
        return this.#valueOf(node.consequent, file) ?? this.#valueOf(node.alternate, file)
      case 'AssignmentExpression':
        return this.#valueOf(node.right, file)
      case 'AwaitExpression':
        return this.#valueOf(node.argument, file)
      case 'ChainExpression':
      case 'TSAsExpression':
      case 'TSNonNullExpression':
      case 'TSSatisfiesExpression':
        return this.#valueOf(node.expression, file)
      default:
        return undefined
    }
  }

  #declared(declaration: Declaration | undefined, file: ScopedSource): Value | undefined {
    if (declaration?.kind === 'import') return this.#imported(declaration.from, declaration.name, file)
    if (declaration?.kind !== 'value') return undefined
    const { annotation, init, path } = declaration
    if (annotation) return this.#typed(annotation, file)
    let value = init && this.#valueOf(init, file)
    for (const name of path) value = this.#property(value, name)
    return value
  }

  #imported(from: string, name: string, file: ScopedSource): Value | undefined {
    if (from === 'pg') return OF_MODULE[name]
    if (from === 'pg-pool') return 'pool class'
    const other = this.#set.follow(from, file.source)
    return other && (name === '*' ? other : this.#exported(other, name))
  }

  #exported(file: ScopedSource, name: string): Value | undefined {
    for (const origin of findExports(file.source, name)) {
      const found =
        origin.from === undefined
          ? this.#valueOf(origin.value, file)
          : this.#imported(origin.from, origin.name, file)
      if (found) return found
    }
    return undefined
  }

  #property(value: Value | undefined, name: string): Value | undefined {
    if (value === 'module') return OF_MODULE[name]
    return typeof value === 'object' ? this.#exported(value, name) : undefined
  }

  #called(callee: Node, argument: Node | undefined, file: ScopedSource): Value | undefined {
    if (callee.type === 'Identifier' && callee.name === 'require')
      return argument && this.#module(argument, file)
    if (callee.type !== 'MemberExpression' || nameOf(callee.property) !== 'connect') return undefined
    return this.#valueOf(callee.object, file) === 'pool' ? 'client' : undefined
  }

  #module(specifier: Node, file: ScopedSource): Value | undefined {
    if (specifier.type !== 'Literal' || typeof specifier.value !== 'string') return undefined
    const { value: from } = specifier
    const whole = this.#imported(from, '*', file)
    // A CommonJS file may export one thing and nothing else.
    return typeof whole === 'object' ? (this.#exported(whole, 'module.exports') ?? whole) : whole
  }

  #field(self: Node, name: string, file: ScopedSource): Value | undefined {
    const field = classField(file.source, self, name)
    if (field?.annotation) return this.#typed(field.annotation, file)
    return field?.value && this.#valueOf(field.value, file)
  }

  #typed(type: Node, file: ScopedSource): PgKind | undefined {
    switch (type.type) {
      case 'TSTypeAnnotation':
        return this.#typed(type.typeAnnotation, file)
      case 'TSUnionType':
        return type.types.map((each) => this.#typed(each, file)).find((kind) => kind !== undefined)
      case 'TSTypeReference': {
        const { typeName } = type
        if (typeName.type === 'Identifier') {
          const declaration = file.scopes.resolve(typeName.name, type)
          return declaration?.kind === 'import' && declaration.from === 'pg'
            ? OF_TYPE[declaration.name]
            : undefined
        }
        if (typeName.type !== 'TSQualifiedName' || typeName.left.type !== 'Identifier') return undefined
        return this.#valueOf(typeName.left, file) === 'module' ? OF_TYPE[typeName.right.name] : undefined
      }
      default:
        return undefined
    }
  }
}
