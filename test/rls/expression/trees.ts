import { readFileSync } from 'node:fs'

/** Trees as PostgreSQL stores them, by its major version and by what is in them; without locations. */
export const TREES: Readonly<
  Record<'15' | '18', Readonly<Record<'canonical' | 'constants' | 'logic', string>>>
> = JSON.parse(readFileSync(new URL('trees.json', import.meta.url), 'utf8'))
