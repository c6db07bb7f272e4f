import { isServerError } from '../../errors/server-error.ts'

/** Where a connection was to go, without its password. */
export interface Destination {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly database: string
  /** What the connection string was given as. */
  readonly source: string
}

/** Classes of SQLSTATE, and single ones, that say why a server lets nobody in, and what to do about it. */
const REFUSALS: readonly (readonly [start: string, advice: string])[] = [
  ['28', 'Check the user and the password, and the line of pg_hba.conf that it falls under.'],
  ['3D000', 'Check the name of the database.'],
  ['53300', 'All connections of the server, or of the role or database, are taken: end some, or try again.'],
  ['57P03', 'The server is starting or stopping: try again.'],
  ['08P01', 'A pooler answers so too: connect past it, to PostgreSQL itself.'],
]

/** Says why a connection could not be made, and what to do. */
export function explainConnect(error: unknown, to: Destination): string {
  const where = `the database ${JSON.stringify(to.database)} on ${to.host}:${to.port} (${to.source})`
  if (isServerError(error)) {
    const [, advice = 'Check the connection string.'] =
      REFUSALS.find(([start]) => error.code.startsWith(start)) ?? []
    return `The server refused ${JSON.stringify(to.user)} the way into ${where}: ${error.message} (SQLSTATE ${error.code}). ${advice}`
  }
  const text = error instanceof Error ? error.message : String(error)
  if (text.includes('SASL') || text.includes('password')) {
    return (
      `Authentication failed for ${JSON.stringify(to.user)} in ${where}: the server asks for a password in a way that what ` +
      'was given does not answer. Put the password into the connection string or PGPASSWORD.'
    )
  }
  if (text.includes('SSL')) {
    return `No encrypted connection to ${where} came about: ${text}. Check \`sslmode\` in the connection string.`
  }
  return (
    `No connection to ${where} could be made: ${codeOf(error) ?? (text === 'timeout expired' ? 'no answer in time' : text)}. Check that PostgreSQL is up, that the address is ` +
    'right, and that this machine may reach it.'
  )
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
