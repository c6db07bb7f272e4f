import { type Reading, readParseTree } from './parse-tree.ts'
import { MESSAGE, type PipelinedSession, parseUnit } from './pipelined-session.ts'

const TREE_HEAD = Buffer.from('SLOG\0VLOG\0C00000\0Mparse tree:\0D')
const UTILITY = Buffer.from('{QUERY :commandType 6')

/**
 * Has the server parse each text by the extended protocol, executing none, and tells what it read. The session must have
 * `debug_print_parse` on and `client_min_messages` at `log`, so that the parse tree comes back as a notice (PostgreSQL 16
 * and later; 15 leaves most utility statements out of it).
 */
export async function readTexts(
  session: PipelinedSession,
  texts: Iterator<string>,
  onReading: (text: string, reading: Reading) => void,
): Promise<void> {
  const waiting: string[] = []
  let head = 0
  let reading: Reading | undefined
  const next = (): Buffer | undefined => {
    const drawn = texts.next()
    if (drawn.done === true) return undefined
    waiting.push(drawn.value)
    return parseUnit(drawn.value)
  }
  await session.run(next, (type, bytes, from, to) => {
    if (type === MESSAGE.notice) {
      if (bytes.compare(TREE_HEAD, 0, TREE_HEAD.length, from, from + TREE_HEAD.length) === 0) {
        reading = readTree(bytes, from + TREE_HEAD.length, to)
      }
    } else if (type === MESSAGE.parseComplete) {
      reading ??= 'plain' // an empty text has no tree
    } else if (type === MESSAGE.ready) {
      const text = waiting[head++]
      if (text === undefined) throw new Error('the server answered more texts than were sent')
      onReading(text, reading ?? 'rejected')
      reading = undefined
      if (head === 4096) waiting.splice(0, head)
      head %= 4096
    }
  })
}

function readTree(bytes: Buffer, from: number, to: number): Reading {
  if (bytes.compare(UTILITY, 0, UTILITY.length, from, from + UTILITY.length) !== 0) return 'plain'
  return readParseTree(bytes.toString('utf8', from, to))
}
