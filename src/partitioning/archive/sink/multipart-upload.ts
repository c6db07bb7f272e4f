import type { S3Client } from '@aws-sdk/client-s3'
import { ArchiveError } from '../archive-error.ts'

/** The commands of @aws-sdk/client-s3 that are used. */
export type S3Package = Pick<
  typeof import('@aws-sdk/client-s3'),
  | 'S3Client'
  | 'HeadObjectCommand'
  | 'GetObjectCommand'
  | 'PutObjectCommand'
  | 'CreateMultipartUploadCommand'
  | 'UploadPartCommand'
  | 'CompleteMultipartUploadCommand'
  | 'AbortMultipartUploadCommand'
>

/** Where an object goes, and how. */
export interface Upload {
  readonly s3: S3Package
  readonly client: S3Client
  readonly target: { readonly Bucket: string; readonly Key: string }
  readonly partBytes: number
  readonly signal: AbortSignal | undefined
}

/**
 * Uploads an object in parts, one after the other. Where it fails the upload is aborted, so that its parts are not kept, and paid for;
 * those of a killed process are for the bucket's lifecycle rule AbortIncompleteMultipartUpload.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
 */
export async function uploadInParts(upload: Upload, bytes: Uint8Array): Promise<void> {
  const { s3, client, target, partBytes, signal } = upload
  const within = signal ? { abortSignal: signal } : {}
  const begun = await client.send(new s3.CreateMultipartUploadCommand(target), within)
  if (!begun.UploadId) throw wrongAnswer('no id for an upload in parts')
  const part = { ...target, UploadId: begun.UploadId }
  try {
    const parts: { ETag: string; PartNumber: number }[] = []
    for (let from = 0; from < bytes.length; from += partBytes) {
      const PartNumber = parts.length + 1
      const Body = bytes.subarray(from, from + partBytes)
      const done = await client.send(new s3.UploadPartCommand({ ...part, PartNumber, Body }), within)
      if (!done.ETag) throw wrongAnswer('no ETag for a part')
      parts.push({ ETag: done.ETag, PartNumber })
    }
    await client.send(
      new s3.CompleteMultipartUploadCommand({ ...part, MultipartUpload: { Parts: parts }, IfNoneMatch: '*' }),
      within,
    )
  } catch (error) {
    // Not under the caller's signal, which may be what ended it. What the upload failed of says more than why it could not be aborted.
    await client.send(new s3.AbortMultipartUploadCommand(part)).catch(() => {})
    throw error
  }
}

function wrongAnswer(what: string): ArchiveError {
  return new ArchiveError(
    'sink',
    `The S3 service answered with ${what}. Nothing counts as archived; run it again.`,
  )
}
