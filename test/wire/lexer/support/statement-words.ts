import { executeUnit, MESSAGE, type PipelinedSession, parseUnit } from './pipelined-session.ts'

/**
 * The keywords with which a statement of this server can begin, found by trying: behind such a word a stray bracket is
 * the error, any other word is an error itself.
 */
export async function findStatementWords(session: PipelinedSession): Promise<string[]> {
  const keywords = await readKeywords(session)
  const found: string[] = []
  const texts = keywords.map((word) => `${word} ]`).values()
  let answered = 0
  await session.run(
    () => {
      const text = texts.next().value
      return text === undefined ? undefined : parseUnit(text)
    },
    (type, bytes, from, to) => {
      if (type === MESSAGE.error && errorPosition(bytes.toString('utf8', from, to)) !== 1) {
        const word = keywords[answered]
        if (word !== undefined) found.push(word)
      }
      if (type === MESSAGE.ready) answered++
    },
  )
  return found
}

async function readKeywords(session: PipelinedSession): Promise<string[]> {
  const keywords: string[] = []
  let unit: Buffer | undefined = executeUnit(['select word from pg_get_keywords() order by word'])
  await session.run(
    () => {
      const given = unit
      unit = undefined
      return given
    },
    (type, bytes, from, to) => {
      // DataRow: the number of columns in two bytes, the length of the value in four
      if (type === MESSAGE.dataRow) keywords.push(bytes.toString('utf8', from + 6, to))
    },
  )
  return keywords
}

/** Field P of an ErrorResponse: where in the text the error is, from 1. */
function errorPosition(body: string): number {
  const field = body.split('\0').find((part) => part.startsWith('P'))
  return Number(field?.slice(1))
}
