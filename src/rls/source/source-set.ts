import { posix } from 'node:path'
import type { ParsedSource } from './parsed-source.ts'
import { Scopes } from './scopes.ts'

/** A file with what its names mean. */
export interface ScopedSource {
  readonly source: ParsedSource
  readonly scopes: Scopes
}

/** What stands in an import of a compiled file for the file that it is compiled from. */
const COMPILED: readonly (readonly [compiled: RegExp, sources: readonly string[]])[] = [
  [/\.js$/, ['.ts', '.tsx', '.jsx']],
  [/\.mjs$/, ['.mts']],
  [/\.cjs$/, ['.cts']],
]
const ENDS = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs']

/** The files of one audit, which import one another. */
export class SourceSet {
  readonly #files: ReadonlyMap<string, ScopedSource>

  constructor(sources: readonly ParsedSource[]) {
    this.#files = new Map(sources.map((source) => [source.path, { source, scopes: new Scopes(source) }]))
  }

  files(): Iterable<ScopedSource> {
    return this.#files.values()
  }

  /** The file that an import names by its place; undefined for packages and for files that are not in the set. */
  follow(specifier: string, from: ParsedSource): ScopedSource | undefined {
    if (!/^\.{1,2}(?:\/|$)/.test(specifier)) return undefined
    const path = posix.join(posix.dirname(from.path), specifier)
    const compiled = COMPILED.flatMap(([end, sources]) =>
      end.test(path) ? sources.map((source) => path.replace(end, source)) : [],
    )
    const ended = ENDS.flatMap((end) => [path + end, posix.join(path, `index${end}`)])
    for (const candidate of [path, ...compiled, ...ended]) {
      const file = this.#files.get(candidate)
      if (file) return file
    }
    return undefined
  }
}
