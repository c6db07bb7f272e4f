import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { examineSource, type SourceFinding } from './examine-source.ts'
import { findSources } from './find-sources.ts'
import { loadParser } from './load-parser.ts'
import { ParsedSource } from './parsed-source.ts'
import { PgValues } from './pg-values.ts'
import { SourceSet } from './source-set.ts'

/**
 * Reads a program's sources for statements that change the session, and for queries past `withTenant`.
 *
 * @param patterns paths of files and folders, and globs
 * @param from the folder that they are relative to
 * @throws {ConfigError} when the parser is missing or a pattern names no file
 */
export async function examineSources(
  patterns: readonly string[],
  from: string = process.cwd(),
): Promise<readonly SourceFinding[]> {
  const parser = await loadParser()
  const paths = await findSources(patterns, from)
  const sources: ParsedSource[] = []
  for (const path of paths) {
    sources.push(new ParsedSource(path, await readFile(resolve(from, path), 'utf8'), parser))
  }
  const set = new SourceSet(sources)
  const values = new PgValues(set)
  return [...set.files()].flatMap((file) => examineSource(file, values))
}
