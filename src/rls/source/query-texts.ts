import type { Node } from 'oxc-parser'
import type { ParsedSource } from './parsed-source.ts'
import { nameOf } from './scopes.ts'
import type { ScopedSource } from './source-set.ts'

/**
 * Methods and functions that run a text, of pg, Kysely, Knex, Drizzle, Prisma, Sequelize, TypeORM and postgres.js.
 */
const RUNNERS = /^(?:query|execute|exec|raw|unsafe|sql|\$?(?:query|execute)Raw\w*)$/
/** Options that hold one. */
const TEXT_KEYS = new Set(['text', 'sql', 'statement'])

/** The expressions of a file that are handed to something that runs queries, also by the name of a constant. */
export function queryTexts({ source, scopes }: ScopedSource): ReadonlySet<Node> {
  const found = new Set<Node>()
  for (const node of source.nodes) {
    const text = handedOver(node)
    if (!text) continue
    found.add(text)
    const declared = text.type === 'Identifier' ? scopes.resolve(text.name, text) : undefined
    if (declared?.kind === 'value' && declared.init && declared.path.length === 0) found.add(declared.init)
  }
  return found
}

function handedOver(node: Node): Node | undefined {
  switch (node.type) {
    case 'CallExpression':
      return RUNNERS.test(calleeName(node.callee)) ? node.arguments[0] : undefined
    case 'TaggedTemplateExpression':
      return RUNNERS.test(calleeName(node.tag)) ? node.quasi : undefined
    case 'Property':
      return !node.computed && TEXT_KEYS.has(nameOf(node.key)) ? node.value : undefined
    default:
      return undefined
  }
}

function calleeName(callee: Node): string {
  if (callee.type === 'MemberExpression') return callee.computed ? '' : nameOf(callee.property)
  return callee.type === 'Identifier' ? callee.name : ''
}

/** Whether a text is a part of a longer one, which is read as a whole. */
export function isPart(node: Node, source: ParsedSource): boolean {
  const outer = source.parentOf(node)
  return outer?.type === 'BinaryExpression' && outer.operator === '+'
}
