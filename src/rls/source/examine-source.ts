import type { Node } from 'oxc-parser'
import type { PgValues } from './pg-values.ts'
import { isPart, queryTexts } from './query-texts.ts'
import { nameOf } from './scopes.ts'
import { findSessionStatements, type SessionEffect } from './session-statements.ts'
import type { ScopedSource } from './source-set.ts'
import { readStaticText } from './static-text.ts'

/** A place in a program where tenants can meet. */
export interface SourceFinding {
  /** Relative to the folder under audit. */
  readonly path: string
  /** Counted from 1. */
  readonly line: number
  /**
   * `unscoped-query`: a pool or client of pg is asked without a tenant. `unread`: the file could not be read as a
   * program.
   */
  readonly what: SessionEffect | 'unscoped-query' | 'unread'
  /** The command or the call in a few words; nothing of the text but names. */
  readonly subject: string
}

/** Finds what a file does outside of a tenant, in the order of its lines; the same twice on a line is once. */
export function examineSource(file: ScopedSource, values: PgValues): readonly SourceFinding[] {
  const { source } = file
  const { path } = source
  const unread: readonly SourceFinding[] = source.isBroken
    ? [{ path, line: 1, what: 'unread', subject: path }]
    : []
  const found = [...unread, ...findStatements(file), ...findUnscoped(file, values)]
  const distinct = new Map(found.map((each) => [`${each.line} ${each.what} ${each.subject}`, each]))
  return [...distinct.values()].sort((a, b) => a.line - b.line)
}

function findStatements(file: ScopedSource): readonly SourceFinding[] {
  const { source } = file
  const queries = queryTexts(file)
  return source.nodes.flatMap((node) => {
    const text = isPart(node, source) ? undefined : readStaticText(node)
    if (!text || isWrapped(node)) return []
    return findSessionStatements(text.text, queries.has(node)).map(({ effect, command, index }) => ({
      path: source.path,
      line: source.lineOf(text.offsetOf(index)),
      what: effect,
      subject: command,
    }))
  })
}

/** What stands in `as const` is met again by itself. */
function isWrapped({ type }: Node): boolean {
  return type === 'TSAsExpression' || type === 'TSSatisfiesExpression'
}

function findUnscoped(file: ScopedSource, values: PgValues): readonly SourceFinding[] {
  const { source } = file
  return source.nodes.flatMap((node) => {
    if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression' || node.callee.computed)
      return []
    const { object, property } = node.callee
    if (nameOf(property) !== 'query') return []
    const kind = values.kindOf(object, file)
    if (kind !== 'pool' && kind !== 'client') return []
    return [
      {
        path: source.path,
        line: source.lineOf(property.start),
        what: 'unscoped-query' as const,
        subject: kind,
      },
    ]
  })
}
