import { ForbiddenStatementError } from '../errors/forbidden-statement.ts'
import { StatementInvalidError } from '../errors/statement.ts'
import { classify } from './lexer/classify.ts'
import { callerStatement, type StatementInput, type WireStatement } from './statement.ts'

/** A caller's statements, checked and ready to be sent. */
export interface CallerStatements {
  readonly statements: readonly WireStatement[]
  /** Whether one of them is a CALL or a DO, which can do what no text shows. */
  readonly exclusive: boolean
}

/**
 * Checks one statement, given as a text with values or as an object.
 *
 * @throws {StatementInvalidError} @throws {ForbiddenStatementError}
 */
export function admitStatement(input: unknown, values: unknown): CallerStatements {
  const statement = callerStatement(input, values)
  return { statements: [statement], exclusive: isExclusive(statement.text) }
}

/**
 * Checks the statements of a batch.
 *
 * @throws {StatementInvalidError} @throws {ForbiddenStatementError}
 */
export function admitBatch(inputs: readonly (string | StatementInput)[]): CallerStatements {
  if (!Array.isArray(inputs) || inputs.length === 0) {
    throw new StatementInvalidError('A batch must be an array of at least one statement.')
  }
  const statements = inputs.map((input) => callerStatement(input))
  // Not `some`: every text is to be refused that must be, also behind a CALL.
  const exclusive = statements.filter((statement) => isExclusive(statement.text)).length > 0
  return { statements, exclusive }
}

function isExclusive(text: string): boolean {
  const found = classify(text)
  if (found.kind === 'refused') throw new ForbiddenStatementError(found)
  return found.kind === 'exclusive'
}
