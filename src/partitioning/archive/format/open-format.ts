import { ArchiveError } from '../archive-error.ts'
import type { ArchiveFormat } from './archive-format.ts'
import { NDJSON_FORMAT } from './ndjson-format.ts'
import { parquetFormat } from './parquet-format.ts'

/**
 * Gives the format of that name. Parquet takes the optional packages hyparquet-writer and hyparquet.
 *
 * @throws {ArchiveError} `package-missing`
 */
export async function openFormat(name: 'ndjson.gz' | 'parquet'): Promise<ArchiveFormat> {
  if (name === 'ndjson.gz') return NDJSON_FORMAT
  try {
    return parquetFormat({ writer: await import('hyparquet-writer'), reader: await import('hyparquet') })
  } catch (cause) {
    throw new ArchiveError(
      'package-missing',
      'Archives in Parquet take the packages hyparquet and hyparquet-writer, and they cannot be loaded. Install them ' +
        "(npm install hyparquet hyparquet-writer), or set the archive's format to 'ndjson.gz'. Nothing was written.",
      { cause },
    )
  }
}
