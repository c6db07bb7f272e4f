import { Scanner } from './scanner.ts'
import { PLAIN, refused, type StatementClass } from './statement-class.ts'

const TEMPORARY = refused('CREATE TEMPORARY', 'temporary-object')
const AS_EXECUTE = refused('CREATE TABLE ... AS EXECUTE', 'prepared-statement')

/** What the tokens read so far end in. `schema` is a name that may mean the temporary schema. */
type Ending = 'as' | 'on' | 'on commit' | 'schema' | 'other'

/**
 * Reads what follows CREATE up to the first AS outside parentheses, behind which comes a query or a body. AS is a
 * reserved word and ON COMMIT comes before it.
 */
export function classifyCreate(text: string, from: number, backslashEscapes: boolean): StatementClass {
  const scanner = new Scanner(text, from, backslashEscapes)
  scanner.next()
  let temporary = readsTemporary(scanner)
  let dropped = false
  let depth = 0
  let ending: Ending = 'other'
  for (; scanner.kind !== 'end'; scanner.next()) {
    if (ending === 'as') {
      if (scanner.isWord('execute')) return AS_EXECUTE
      break
    }
    if (ending === 'on commit' && scanner.isWord('drop')) dropped = true
    if (ending === 'schema' && (scanner.isSymbol('.') || scanner.isWord('uescape'))) temporary = true
    if (scanner.isSymbol('(')) depth++
    else if (scanner.isSymbol(')')) depth--
    ending = depth === 0 ? endingOf(scanner, ending) : mayNameTemporarySchema(scanner) ? 'schema' : 'other'
  }
  return temporary && !dropped ? TEMPORARY : PLAIN
}

/** TEMP is no reserved word (`CREATE TABLE temp ()`), so only its place makes it the keyword. */
function readsTemporary(scanner: Scanner): boolean {
  if (scanner.isWord('or')) {
    scanner.next()
    if (scanner.isWord('replace')) scanner.next()
  }
  if (scanner.isWord('local') || scanner.isWord('global')) scanner.next()
  return scanner.isWord('temp') || scanner.isWord('temporary')
}

function endingOf(scanner: Scanner, before: Ending): Ending {
  if (scanner.isWord('as')) return 'as'
  if (scanner.isWord('on')) return 'on'
  if (before === 'on' && scanner.isWord('commit')) return 'on commit'
  return mayNameTemporarySchema(scanner) ? 'schema' : 'other'
}

/** `pg_temp` and `pg_temp_3`; the escapes of `U&"..."` are not decoded, so that any such name may be meant. */
function mayNameTemporarySchema(scanner: Scanner): boolean {
  if (scanner.kind === 'unicode') return true
  if (scanner.kind !== 'word' && scanner.kind !== 'quoted') return false
  const name = scanner.kind === 'word' ? scanner.name().toLowerCase() : scanner.name()
  return name === 'pg_temp' || name.startsWith('pg_temp_')
}
