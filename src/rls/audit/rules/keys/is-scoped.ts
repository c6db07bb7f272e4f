import type { UnscopedKey } from './tenant-keys.ts'

/**
 * Whether a key keeps tenants apart though it has no plain tenant column: by an expression that differs where tenants do, or by a
 * predicate that lets one tenant's rows in.
 */
export function isScoped({ columns, predicate, tenant, kind }: UnscopedKey): boolean {
  const byColumn = kind !== 'x' && columns.some((column) => tellsTenantsApart(column, tenant))
  return byColumn || conjuncts(predicate ?? '').some((condition) => isOneTenant(condition, tenant))
}

/** A cast to text, or the substitute for NULL of a nullable tenant column. */
function tellsTenantsApart(column: string, tenant: string): boolean {
  const expression = withoutParentheses(column)
  if (expression === `(${tenant})::text` || expression === `(${tenant})::character varying`) return true
  const start = `COALESCE(${tenant}, `
  return expression.startsWith(start) && /^(?:'[^']*'::[\w ]+|\d+)\)$/.test(expression.slice(start.length))
}

function isOneTenant(condition: string, tenant: string): boolean {
  if (condition === `${tenant} IS NULL`) return true
  const start = `${tenant} = `
  return condition.startsWith(start) && /^(?:'[^']*'::[\w ]+|\d+)$/.test(condition.slice(start.length))
}

/** What a condition joins by AND, as PostgreSQL prints it: each part and the whole in parentheses. */
function conjuncts(text: string): readonly string[] {
  const inner = withoutParentheses(text)
  const parts: string[] = []
  let depth = 0
  let start = 0
  for (const { 0: token, index } of inner.matchAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|[()]| AND /g)) {
    if (token === '(') depth += 1
    else if (token === ')') depth -= 1
    else if (token === ' AND ' && depth === 0) {
      parts.push(inner.slice(start, index))
      start = index + token.length
    }
  }
  return [...parts, inner.slice(start)].map(withoutParentheses)
}

/** Without the parentheses that hold the whole text. */
function withoutParentheses(text: string): string {
  let depth = 0
  for (const { 0: token, index } of text.matchAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|[()]/g)) {
    if (token === '(') depth += 1
    else if (token === ')') depth -= 1
    if (depth === 0) {
      const whole = token === ')' && text.startsWith('(') && index === text.length - 1
      return whole ? withoutParentheses(text.slice(1, -1)) : text
    }
  }
  return text
}
