import { createHash } from 'node:crypto'
import pLimit from 'p-limit'
import { archiveFolder } from './archive-folder.ts'
import type { ArchivedColumn } from './archived-shape.ts'
import type { TextRow } from './canonical-row.ts'
import type { ArchiveFormat, ObjectWriter } from './format/archive-format.ts'
import type { ManifestObject } from './manifest.ts'
import type { ArchiveSink } from './sink/archive-sink.ts'

/** What rows are written with. */
export interface ObjectsTarget {
  readonly sink: ArchiveSink
  readonly format: ArchiveFormat
  readonly partition: { readonly table: string; readonly partition: string }
  readonly columns: readonly ArchivedColumn[]
  readonly segmentBytes: number
  /** Objects that are packed or on their way at once: so many are held in memory. */
  readonly uploads: number
  readonly signal: AbortSignal | undefined
}

/** Cuts rows into objects, named by what is in them, and puts those into the sink, a few at a time. */
export class ObjectsWriter {
  readonly #target: ObjectsTarget
  readonly #limit: ReturnType<typeof pLimit>
  readonly #stop = new AbortController()
  readonly #uploads: Promise<ManifestObject>[] = []
  #open: { writer: ObjectWriter; rows: number; bytes: number } | undefined

  constructor(target: ObjectsTarget) {
    this.#target = target
    this.#limit = pLimit({ concurrency: target.uploads, rejectOnClear: true })
  }

  /** @param bytes of the row, unpacked */
  async add(row: TextRow, bytes: number): Promise<void> {
    this.#open ??= { writer: this.#target.format.begin(this.#target.columns), rows: 0, bytes: 0 }
    this.#open.writer.add(row)
    this.#open.rows += 1
    this.#open.bytes += bytes
    if (this.#open.bytes >= this.#target.segmentBytes) await this.#cut()
  }

  /** @returns the objects in the order of their rows, once all are in the sink */
  async finish(): Promise<ManifestObject[]> {
    if (this.#open) await this.#cut()
    return Promise.all(this.#uploads)
  }

  /** Stops what is on its way, and waits until it has ended. */
  async stop(): Promise<void> {
    this.#stop.abort()
    this.#limit.clearQueue()
    await Promise.allSettled(this.#uploads)
  }

  async #cut(): Promise<void> {
    if (!this.#open) return
    const { writer, rows } = this.#open
    this.#open = undefined
    const number = this.#uploads.length + 1
    const upload = this.#limit(() => this.#put(writer, rows, number))
    // A failure is met where it is waited for; until then it must not count as unhandled.
    upload.catch(() => {})
    this.#uploads.push(upload)
    const oldest = this.#uploads[this.#uploads.length - this.#target.uploads]
    if (oldest) await oldest
  }

  async #put(writer: ObjectWriter, rows: number, number: number): Promise<ManifestObject> {
    const { sink, format, partition, signal } = this.#target
    const bytes = await writer.finish()
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const part = `${String(number).padStart(5, '0')}-${sha256.slice(0, 32)}`
    const name = `${archiveFolder(partition)}/rows-${part}.${format.extension}`
    const signals = signal ? [signal, this.#stop.signal] : [this.#stop.signal]
    await sink.put(name, bytes, AbortSignal.any(signals))
    return { name, rows, bytes: bytes.length, sha256 }
  }
}
