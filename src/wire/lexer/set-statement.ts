import { isProtectedSetting } from './protected-settings.ts'
import { Scanner } from './scanner.ts'
import { PLAIN, refused, type StatementClass } from './statement-class.ts'

const SET = refused('SET', 'session-setting')
const SET_LOCAL = refused('SET LOCAL', 'protected-setting')
const SET_TRANSACTION = refused('SET TRANSACTION', 'transaction-control')
const SET_CHARACTERISTICS = refused('SET SESSION CHARACTERISTICS', 'transaction-control')

/**
 * Reads what follows SET. Allowed are SET CONSTRAINTS and SET LOCAL of an ordinary setting.
 *
 * LOCAL and CONSTRAINTS are no reserved words, so that `SET local.x = 1` and `SET constraints = 1` are session settings:
 * only a name behind the word makes it the keyword. TO and FROM are reserved and can be no name.
 */
export function classifySet(text: string, from: number): StatementClass {
  const scanner = new Scanner(text, from, false)
  scanner.next()
  const isLocal = scanner.isWord('local')
  if (!isLocal && !scanner.isWord('constraints')) return classifySession(scanner)
  scanner.next()
  if (!isName(scanner)) return SET
  return isLocal ? classifyLocal(scanner) : PLAIN
}

function isName(scanner: Scanner): boolean {
  if (scanner.kind === 'word') return !scanner.isWord('to') && !scanner.isWord('from')
  return scanner.kind === 'quoted' || scanner.kind === 'unicode'
}

function classifySession(scanner: Scanner): StatementClass {
  if (scanner.isWord('transaction')) return isModeNext(scanner) ? SET_TRANSACTION : SET
  if (!scanner.isWord('session')) return SET
  scanner.next()
  if (scanner.isWord('characteristics')) return isModeNext(scanner) ? SET_CHARACTERISTICS : SET
  return scanner.isWord('transaction') && isModeNext(scanner) ? SET_TRANSACTION : SET
}

function classifyLocal(scanner: Scanner): StatementClass {
  if (scanner.isWord('transaction')) return isModeNext(scanner) ? SET_TRANSACTION : SET_LOCAL
  if (scanner.isWord('session')) {
    scanner.next()
    return scanner.isWord('characteristics') ? SET_CHARACTERISTICS : SET_LOCAL
  }
  if (scanner.kind === 'unicode' || isProtectedSetting(scanner.name())) return SET_LOCAL
  scanner.next()
  return scanner.isSymbol('.') ? SET_LOCAL : PLAIN
}

/** TRANSACTION and CHARACTERISTICS are no reserved words either: `SET transaction.x = 1` is a setting. */
function isModeNext(scanner: Scanner): boolean {
  scanner.next()
  return isName(scanner)
}
