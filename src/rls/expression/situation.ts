import type { Call } from './expression.ts'
import type { Possible } from './possible.ts'

/** What an expression is evaluated in: a row of a table, and a session. */
export interface Situation {
  /** What a column of the row holds, by its number. */
  column(number: number): Possible
  /** What a setting holds, by its name in lower case; NULL where nothing has set it. */
  setting(name: string): Possible
  /** What `session_user`, or else `current_user` is. */
  user(session: boolean): Possible
  /** What a function that is not PostgreSQL's own answers. */
  call(call: Call): Possible
}
