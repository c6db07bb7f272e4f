import { NestingError } from '../errors/outcome.ts'
import { UnsupportedError } from '../errors/unsupported.ts'
import { intentOf } from './intent.ts'

/** What is asked of a handle, as far as the intent of the scope has a say in it. */
interface Asked {
  readonly readOnly?: boolean
  readonly route?: 'primary' | 'replica'
}

/**
 * What a handle in the scope of a request is, for what is not said: the method of one that reads makes it read only, and from a
 * replica where there are any.
 *
 * @throws {NestingError} it is to write in the scope of a request that reads
 * @throws {UnsupportedError} the request takes no connection
 */
export function chooseInScope<Options extends Asked>(method: string | undefined, options: Options): Options {
  switch (intentOf(method)) {
    case 'write':
      return options
    case 'none':
      throw new UnsupportedError(
        `current() in the scope of ${method}`,
        'Such a request asks about the server and not for data, and takes no connection.',
      )
    case 'read':
      if (options.readOnly !== false) return { route: 'replica', ...options, readOnly: true }
      throw new NestingError(
        `current() was asked for a handle that writes, in the scope of a ${method}, which reads only. Where such a request ` +
          'has to write all the same, say so: use tenant(id).',
      )
  }
}
