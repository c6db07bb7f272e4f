import { quoteName } from '../sql/quote.ts'

/** Names of two words that PostgreSQL keeps for itself; names that are made here always have two words or more. */
const RESERVED =
  /^(?:current_(?:catalog|date|role|schema|time|timestamp|user)|session_user|system_user|merge_action)$/

/** A name made here for SQL, quoted only where it must be, as PostgreSQL prints it. */
export function nameIdent(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) && !RESERVED.test(name) ? name : quoteName(name)
}
