import { Scanner } from './scanner.ts'

/**
 * Where the statement begins that an EXPLAIN explains; `from` is behind the word EXPLAIN. The end of the text when it is
 * a query in parentheses, which is told from the options by its first word: those are reserved and name no option.
 */
export function skipExplain(text: string, from: number, backslashEscapes: boolean): number {
  const scanner = new Scanner(text, from, backslashEscapes)
  scanner.next()
  for (;;) {
    if (isOption(scanner)) scanner.next()
    else if (!scanner.isSymbol('(')) return scanner.start
    else {
      scanner.next()
      if (isQueryStart(scanner)) return text.length
      skipParentheses(scanner)
    }
  }
}

function isOption(scanner: Scanner): boolean {
  return scanner.isWord('analyze') || scanner.isWord('analyse') || scanner.isWord('verbose')
}

function isQueryStart(scanner: Scanner): boolean {
  return (
    scanner.isSymbol('(') || scanner.isWord('select') || scanner.isWord('with') || scanner.isWord('table')
  )
}

/** From behind an opening parenthesis to behind its closing one. */
function skipParentheses(scanner: Scanner): void {
  for (let depth = 1; depth > 0 && scanner.kind !== 'end'; scanner.next()) {
    if (scanner.isSymbol('(')) depth++
    else if (scanner.isSymbol(')')) depth--
  }
}
