import { createHash } from 'node:crypto'

/** The namespace of the platform's seed: ids are the same on every machine, and in every test. */
const NAMESPACE = '6f1c7a52-5d0e-4b5a-9a53-6d1f0c0a7e11'

/** A uuid of version 5, made of a name: RFC 9562, 5.5. */
export function namedUuid(...name: readonly string[]): string {
  const bytes = createHash('sha1')
    .update(Buffer.from(NAMESPACE.replaceAll('-', ''), 'hex'))
    .update(name.join('\n'))
    .digest()
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = bytes.subarray(0, 16).toString('hex')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
