import type { S3Client } from '@aws-sdk/client-s3'
import { ArchiveError } from '../archive-error.ts'
import type { ArchiveSink } from './archive-sink.ts'
import { type S3Package, uploadInParts } from './multipart-upload.ts'
import { checkObjectName } from './object-name.ts'

/** Where a bucket is. Credentials are those that the AWS client finds by itself, such as the role of a container. */
export interface S3SinkOptions {
  readonly bucket: string
  /** Before every name; without a slash at its ends. @default '' */
  readonly prefix?: string
  /** Of another service than AWS. @default that of the region */
  readonly endpoint?: string
  /** @default that of the environment */
  readonly region?: string
  /** Names the bucket in the path and not in the host, as most other services want it. @default true with an endpoint */
  readonly pathStyle?: boolean
  /** From how many bytes on an object goes in parts, and how large they are; AWS takes no less than 5_242_880. @default 8_388_608 */
  readonly partBytes?: number
}

const DEFAULT_PART_BYTES = 8_388_608
/** The client by itself waits for ever. */
const LIMITS = { connectionTimeout: 5_000, requestTimeout: 60_000, throwOnRequestTimeout: true }

/**
 * A bucket of an S3-compatible service, over the optional package @aws-sdk/client-s3.
 *
 * Objects are put under the condition that there is none of that name (`If-None-Match: *`); a service that does not know it may write
 * over an object with the same bytes, never with others, as names hold hashes.
 *
 * @throws {ArchiveError} `package-missing`
 */
export async function s3Sink(options: S3SinkOptions): Promise<ArchiveSink> {
  const s3 = await loadS3()
  const { bucket, prefix = '', endpoint, region, partBytes = DEFAULT_PART_BYTES } = options
  const client = new s3.S3Client({
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    ...(region === undefined ? {} : { region }),
    ...(options.pathStyle === undefined ? {} : { forcePathStyle: options.pathStyle }),
    requestHandler: LIMITS,
    // Services other than AWS know no checksums in trailers; what was written is read back and compared in any case.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  })
  const keyOf = (name: string) => [prefix, checkObjectName(name)].filter(Boolean).join('/')
  const target = (name: string) => ({ Bucket: bucket, Key: keyOf(name) })
  return {
    uri: (name) => `s3://${bucket}/${keyOf(name)}`,
    put: (name, bytes, signal) =>
      attempt('put', name, async () => {
        if (await isThere(s3, client, target(name), bytes.length, signal)) return
        const upload = { s3, client, target: target(name), partBytes, signal }
        if (bytes.length > partBytes) return uploadInParts(upload, bytes)
        await client.send(
          new s3.PutObjectCommand({ ...target(name), Body: bytes, IfNoneMatch: '*' }),
          signal ? { abortSignal: signal } : {},
        )
      }),
    get: (name, signal) =>
      attempt('get', name, async () => {
        const answer = await client.send(
          new s3.GetObjectCommand(target(name)),
          signal ? { abortSignal: signal } : {},
        )
        return (await answer.Body?.transformToByteArray()) ?? new Uint8Array()
      }),
    close: async () => client.destroy(),
  }
}

async function loadS3(): Promise<S3Package> {
  try {
    return await import('@aws-sdk/client-s3')
  } catch (cause) {
    throw new ArchiveError(
      'package-missing',
      'Archives in S3 take the package @aws-sdk/client-s3, and it cannot be loaded. Install it (npm install @aws-sdk/client-s3), or ' +
        "set the archive's sink to a folder, `file:///…`. Nothing was written.",
      { cause },
    )
  }
}

async function isThere(
  s3: S3Package,
  client: S3Client,
  target: { readonly Bucket: string; readonly Key: string },
  size: number,
  signal?: AbortSignal,
): Promise<boolean> {
  const found = await client
    .send(new s3.HeadObjectCommand(target), signal ? { abortSignal: signal } : {})
    .catch((error: unknown) => {
      if (statusOf(error) !== 404) throw error
    })
  if (!found) return false
  if (found.ContentLength === size) return true
  throw new ArchiveError(
    'sink-conflict',
    `s3://${target.Bucket}/${target.Key} is there already, with ${found.ContentLength} bytes in place of ${size}. Nothing is written ` +
      'over: see what it is, and move it away.',
  )
}

async function attempt<T>(what: string, name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    if (cause instanceof ArchiveError || (cause as Error).name === 'AbortError') throw cause
    throw new ArchiveError(
      'sink',
      `The S3 service refused to ${what} ${name}: ${(cause as Error).name}` +
        `${statusOf(cause) === undefined ? '' : `, status ${statusOf(cause)}`}. Mend what the cause says, and run it again; nothing ` +
        'counts as archived.',
      { cause },
    )
  }
}

function statusOf(error: unknown): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode
}
