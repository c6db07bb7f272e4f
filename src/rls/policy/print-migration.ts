import type { PolicyStatement } from './policy-statement.ts'

const LINE_LENGTH = 110

/** The statements as a file of SQL: each group on one thing under a comment that says what it is for. */
export function printMigration(statements: readonly PolicyStatement[]): string {
  const printed: string[] = []
  let before: PolicyStatement | undefined
  for (const statement of statements) {
    const { object, purpose, sql } = statement
    const isNew = before?.object !== object || before.purpose !== purpose
    if (isNew) printed.push(`${before ? '\n' : ''}${comment(`${object}: ${purpose}`)}`)
    printed.push(sql)
    before = statement
  }
  return printed.map((text) => `${text}\n`).join('')
}

/** Names may hold line breaks, behind which a comment would end. */
function comment(text: string): string {
  const lines: string[] = []
  let line = '--'
  for (const word of text.split(/\s+/)) {
    if (line.length + word.length >= LINE_LENGTH && line !== '--') {
      lines.push(line)
      line = '--'
    }
    line += ` ${word}`
  }
  return [...lines, line].join('\n')
}
