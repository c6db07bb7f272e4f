import type { ForbiddenStatement } from '../../errors/forbidden-statement.ts'

/** May run, and may share a connection with other batches. */
export interface PlainStatement {
  readonly kind: 'plain'
}

/** May run, but alone: a procedure or a DO block can commit, so the batches behind it would lose their transaction. */
export interface ExclusiveStatement {
  readonly kind: 'exclusive'
  readonly command: 'CALL' | 'DO'
}

/** May not be sent; holds what ForbiddenStatementError takes. */
export interface RefusedStatement extends ForbiddenStatement {
  readonly kind: 'refused'
}

export type StatementClass = PlainStatement | ExclusiveStatement | RefusedStatement

export const PLAIN: PlainStatement = Object.freeze({ kind: 'plain' })

/** A frozen exclusive class; made once per command when the module loads. */
export function exclusive(command: ExclusiveStatement['command']): ExclusiveStatement {
  return Object.freeze({ kind: 'exclusive', command })
}

/** A frozen refusal; made once per command when the module loads. */
export function refused(
  command: ForbiddenStatement['command'],
  reason: ForbiddenStatement['reason'],
): RefusedStatement {
  return Object.freeze({ kind: 'refused', command, reason })
}
