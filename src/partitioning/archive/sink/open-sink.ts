import { fileURLToPath } from 'node:url'
import { ConfigError } from '../../../errors/config.ts'
import type { ArchiveSink } from './archive-sink.ts'
import { directorySink } from './directory-sink.ts'
import { s3Sink } from './s3-sink.ts'

/**
 * Opens the sink of `archive.sink`: `file:///folder`, or `s3://bucket/prefix`, which may name `?endpoint=`, `region=` and
 * `pathStyle=` of another service than AWS. Credentials do not belong there.
 *
 * @throws {ConfigError} when it is neither
 * @throws {ArchiveError} `package-missing`
 */
export function openSink(uri: string): Promise<ArchiveSink> {
  const url = URL.canParse(uri) ? new URL(uri) : undefined
  if (url?.username || url?.password) {
    throw new ConfigError(
      'archive.sink holds credentials. Leave them to the environment or to the role of the container, where the AWS client finds them.',
    )
  }
  if (url?.protocol === 'file:' && url.host === '' && url.search === '') {
    return Promise.resolve(directorySink(fileURLToPath(url)))
  }
  if (url?.protocol === 's3:' && url.host !== '') {
    const { endpoint, region, pathStyle, ...rest } = Object.fromEntries(url.searchParams)
    if (Object.keys(rest).length === 0 && (pathStyle ?? 'true').match(/^(true|false)$/)) {
      return s3Sink({
        bucket: url.host,
        prefix: decodeURIComponent(url.pathname).replace(/^\/+|\/+$/g, ''),
        ...(endpoint === undefined ? {} : { endpoint }),
        ...(region === undefined ? {} : { region }),
        ...(pathStyle === undefined ? {} : { pathStyle: pathStyle === 'true' }),
      })
    }
  }
  throw new ConfigError(
    'archive.sink must be `file:///folder` or `s3://bucket/prefix`, the latter with `?endpoint=`, `region=` and `pathStyle=true|false` ' +
      'where it is of another service than AWS.',
  )
}
