import { Scanner } from './scanner.ts'
import { PLAIN, refused, type StatementClass } from './statement-class.ts'

const HELD = refused('DECLARE ... WITH HOLD', 'held-cursor')

/**
 * Reads what follows DECLARE up to FOR, behind which comes the query. WITH and FOR are reserved words, so that neither
 * can be the cursor's name unless it is quoted, and no string may stand before FOR.
 */
export function classifyDeclare(text: string, from: number): StatementClass {
  const scanner = new Scanner(text, from, false)
  while (scanner.next() !== 'end' && !scanner.isWord('for')) {
    if (!scanner.isWord('with')) continue
    scanner.next()
    return scanner.isWord('hold') ? HELD : PLAIN
  }
  return PLAIN
}
