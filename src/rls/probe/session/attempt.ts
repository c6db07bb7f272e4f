import { isServerError } from '../../../errors/server-error.ts'

/** What became of a statement that was allowed to fail. */
export type Attempt = Done | Failed

export interface Done {
  readonly done: true
  readonly rows: readonly unknown[]
  /** As the command's tag says. */
  readonly rowCount: number
}

export interface Failed {
  readonly done: false
  readonly code: string
  /** The function of the server that refused it. */
  readonly routine: string | undefined
  /** Whether it came out of a function or a trigger, and not out of the statement itself. */
  readonly nested: boolean
}

/** The server ended the session. An error of connecting (08) may be one of a foreign table's server. */
const SESSION_ENDED = /^57P0/

/**
 * Takes in that the server refused a statement.
 *
 * @throws the error, where it is not the statement that it refused
 */
export function failed(error: unknown): Failed {
  if (!isServerError(error) || SESSION_ENDED.test(error.code)) throw error
  const nested = 'where' in error && error.where !== undefined
  return {
    done: false,
    code: error.code,
    routine: error.routine,
    nested,
  }
}

/**
 * Takes in what a text gave.
 *
 * @param after how many statements come after the one that counts
 */
export function done(result: unknown, after = 0): Done {
  const counted = Array.isArray(result) ? result.at(-1 - after) : result
  const { rows = [], rowCount } = counted as { rows?: readonly unknown[]; rowCount?: number | null }
  return { done: true, rows, rowCount: rowCount ?? 0 }
}
