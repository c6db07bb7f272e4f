import type { PlantedBug } from './planted-bug.ts'

const ADAPTERS = 'test/adapters/adapters.rig.test.ts'
const FASTIFY = 'test/adapters/fastify.rig.test.ts'
const NEXT = 'test/adapters/next/next.rig.test.ts'

const IN_CACHE = 'where unstable_cache would keep it, in the scope of a request too'

/** Ways to break what stands between HTTP and the scope of a tenant. */
export const ADAPTER_BUGS: readonly PlantedBug[] = [
  {
    name: 'an answer with a server error is committed',
    file: 'src/adapters/request-transaction.ts',
    find: 'status >= FIRST_SERVER_ERROR || this',
    replace: 'status >= 2 * FIRST_SERVER_ERROR || this',
    detector: { file: ADAPTERS, name: 'roll back what answers with an error of its own' },
    happyPath: { file: ADAPTERS, name: 'commit before the response is sent, with what joined them' },
  },
  {
    name: 'the scope of a request can be read from in what Next.js caches for everybody',
    file: 'src/adapters/next/requests.ts',
    find: 'db.run({ ...scope.options, guard: this.#refuseInCache }, () =>',
    replace: 'db.run(scope.options, () =>',
    detector: { file: NEXT, name: `reads nothing by current() ${IN_CACHE}` },
    happyPath: { file: NEXT, name: 'reads nothing where it would be cached for everybody' },
  },
  {
    name: 'a wrapped function in the scope of another is cached for everybody',
    file: 'src/adapters/next/requests.ts',
    find:
      '    const cookies = await this.#next.cookies()\n' +
      '    const outer = this.#current.getStore()\n' +
      '    if (outer) return work(outer)\n',
    replace:
      '    const outer = this.#current.getStore()\n' +
      '    if (outer) return work(outer)\n' +
      '    const cookies = await this.#next.cookies()\n',
    detector: { file: NEXT, name: `reads nothing by a transaction ${IN_CACHE}` },
    happyPath: { file: NEXT, name: 'reads nothing where it would be cached for everybody' },
  },
  {
    name: 'caches may keep the answer of a tenant',
    file: 'src/adapters/private-answer.ts',
    find: "'private, no-store'",
    replace: "'max-age=60'",
    detector: { file: ADAPTERS, name: 'say to caches of an answer that it is nobody else’s' },
    happyPath: {
      file: ADAPTERS,
      name: 'say to caches of what says itself who may keep it that it is nobody else’s',
    },
  },
  {
    name: 'what a handler throws behind its answer is logged with values of rows',
    file: 'src/adapters/fastify/transaction-route.ts',
    find: '{ error: describeFailure(error) }',
    replace: '{ err: error }',
    detector: {
      file: FASTIFY,
      name: 'logs of a handler that fails behind its answer what happened, and no value of a row',
    },
    happyPath: { file: FASTIFY, name: 'gives no part of an answer whose commit failed' },
  },
]
