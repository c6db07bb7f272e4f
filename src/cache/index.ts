export type { AuditReport, CacheAuditOptions } from './audit/audit-report.ts'
export type { CacheAudit } from './audit/cache-audit.ts'
export type { Cache } from './cache.ts'
export type { CacheCallOptions, CacheOptions } from './cache-options.ts'
export type { CacheSnapshot } from './cache-snapshot.ts'
export { type AesGcmOptions, aesGcm, type NamedKey } from './codec/aes-gcm.ts'
export type { CacheCipher } from './codec/cache-cipher.ts'
export type { CacheCodec, EncodedText } from './codec/cache-codec.ts'
export type { CompressOptions } from './codec/compress.ts'
export { taggedJson } from './codec/tagged-json.ts'
export type { CacheCounts } from './counts.ts'
export { createCache } from './create-cache.ts'
export type { Definition } from './definition/definition.ts'
export type {
  DefinitionOptions,
  FreshnessOptions,
  KeyPart,
  LocalOptions,
  TagContext,
} from './definition/definition-options.ts'
export type { JournalMode } from './invalidation/journal-writer.ts'
export { cacheJournalSql, type JournalTableOptions } from './journal/journal-table.ts'
export type { LoadLimitOptions } from './read/load-limits.ts'
