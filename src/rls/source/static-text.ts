import type { Node } from 'oxc-parser'
import { PLACEHOLDER } from './sql-tokens.ts'

/** What a program's text says of a string that it makes. */
export interface StaticText {
  /** With {@link PLACEHOLDER} for each value that is known only when the program runs. */
  readonly text: string
  /** Where in the file an index of the text lies, as near as escapes let it be known. */
  offsetOf(index: number): number
}

interface Piece {
  readonly text: string
  /** Where it begins in the file. */
  readonly start: number
}

/** Reads a string, a template or strings joined by `+`; undefined for all else. */
export function readStaticText(node: Node): StaticText | undefined {
  const pieces = readPieces(node)
  if (!pieces) return undefined
  return {
    text: pieces.map(({ text }) => text).join(''),
    offsetOf: (index) => {
      let before = 0
      for (const { text, start } of pieces) {
        if (index < before + text.length) return start + (index - before)
        before += text.length
      }
      return node.start
    },
  }
}

function readPieces(node: Node): readonly Piece[] | undefined {
  switch (node.type) {
    case 'Literal':
      return typeof node.value === 'string' ? [{ text: node.value, start: node.start + 1 }] : undefined
    case 'TemplateLiteral':
      return node.quasis.flatMap(({ value, start }, index) => {
        const piece = { text: value.cooked ?? value.raw, start }
        return index === 0 ? [piece] : [{ text: PLACEHOLDER, start }, piece]
      })
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
      return readPieces(node.expression)
    case 'BinaryExpression': {
      if (node.operator !== '+') return undefined
      const [left, right] = [readPieces(node.left), readPieces(node.right)]
      if (!left && !right) return undefined
      return [...(left ?? unknown(node.left)), ...(right ?? unknown(node.right))]
    }
    default:
      return undefined
  }
}

function unknown({ start }: Node): readonly Piece[] {
  return [{ text: PLACEHOLDER, start }]
}
