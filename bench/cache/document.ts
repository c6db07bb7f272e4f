/** What is cached: about 1 KB of JSON. */
export interface Document {
  readonly id: number
  readonly tenant: string
  readonly title: string
  readonly labels: readonly string[]
  readonly lines: readonly { readonly code: string; readonly amount: number; readonly text: string }[]
  readonly check: number
}

export const TENANT = '00000000-0000-4000-8000-000000000001'
/** How many bytes the JSON of each document has. */
export const DOCUMENT_BYTES = 1_024

const LINES = 7

/** The document with an id: the same in all processes. */
export function documentOf(id: number): Document {
  const document = {
    id,
    tenant: TENANT,
    title: '',
    labels: ['open', 'invoice', `number ${id}`],
    lines: Array.from({ length: LINES }, (_, line) => ({
      code: `line-${id}-${line}`,
      amount: line * 12.25,
      text: `What was done on the ${line + 1}th day of the ${id}th stay: examination, report`,
    })),
    check: checkOf(id),
  }
  const title = `Document ${id} `.padEnd(DOCUMENT_BYTES - JSON.stringify(document).length, '.')
  return { ...document, title }
}

/** What is wrong with an answer; nothing where it is the document that was asked for, to its last line. */
export function faultOf(answer: Document | undefined, id: number): string | undefined {
  if (answer?.id === id && answer.check === checkOf(id) && answer.tenant === TENANT) {
    if (answer.lines.length === LINES && answer.lines[LINES - 1]?.code === `line-${id}-${LINES - 1}`)
      return undefined
  }
  return `Not document ${id}: ${JSON.stringify(answer)?.slice(0, 200)}`
}

function checkOf(id: number): number {
  return (id * 2_654_435_761) % 1_000_003
}
