import type { TransactionHandler } from '../../../src/adapters/express/index.ts'
import type { TenantTransaction } from '../../../src/index.ts'
import { INSERT_NOTE } from './slow-commit.ts'

/** A handler that answers in some way, and what is to come of it. */
export type Answering = readonly [
  how: string,
  status: number,
  body: string,
  handler: TransactionHandler<unknown>,
]

export const write = (tx: TenantTransaction): Promise<unknown> => tx.query(INSERT_NOTE, ['x'])

/** Ways to answer that commit. */
export const COMMITTED: readonly Answering[] = [
  [
    'is no promise, and answers later',
    201,
    'done',
    (tx, _request, response) => {
      void write(tx).then(() => response.status(201).send('done'))
    },
  ],
  [
    'answers twice',
    200,
    'first',
    async (tx, _request, response) => {
      await write(tx)
      response.send('first')
      response.status(500).send('a second and longer one')
    },
  ],
  [
    'throws after it has answered',
    200,
    'done',
    async (tx, _request, response) => {
      await write(tx)
      response.send('done')
      throw new Error('too late')
    },
  ],
  [
    'writes in parts',
    202,
    'one two',
    async (tx, _request, response) => {
      await write(tx)
      response.status(202).write('one ')
      await new Promise((resolve) => response.once('drain', resolve))
      response.end('two')
    },
  ],
  [
    'ends with nothing',
    204,
    '',
    async (tx, _request, response) => {
      await write(tx)
      response.writeHead(204).end()
    },
  ],
]

/** Ways to answer, or not to, that roll back. */
export const ROLLED_BACK: readonly Answering[] = [
  [
    'throws at once',
    500,
    'at once',
    (tx) => {
      void write(tx)
      throw new Error('at once')
    },
  ],
  [
    'says 503 by writeHead',
    503,
    'no',
    async (tx, _request, response) => {
      await write(tx)
      response.writeHead(503, { 'content-type': 'text/plain' }).end('no')
    },
  ],
  [
    'leaves a query running',
    500,
    'FloatingQueryError',
    async (tx, _request, response) => {
      await write(tx)
      tx.query('select pg_sleep(0.2)').catch(() => {})
      response.send('done')
    },
  ],
  [
    'swallows the error of a statement',
    500,
    'TransactionAbortedError',
    async (tx, _request, response) => {
      await write(tx)
      await tx.query('select 1 / 0').catch(() => {})
      response.send('done')
    },
  ],
  [
    'never answers',
    504,
    'DeadlineError',
    async (tx) => {
      await write(tx)
    },
  ],
]
