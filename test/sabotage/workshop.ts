import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { PlantedBug } from './planted-bug.ts'

const root = resolve(import.meta.dirname, '../..')

/** A copy of the sources and tests, in which bugs can be planted without touching the checkout. */
export class Workshop implements AsyncDisposable {
  readonly path: string

  private constructor(path: string) {
    this.path = path
  }

  static async open(): Promise<Workshop> {
    const path = await mkdtemp(join(tmpdir(), 'leasehold-sabotage-'))
    for (const part of ['src', 'test', 'package.json', 'tsconfig.json', 'vitest.config.ts']) {
      await cp(join(root, part), join(path, part), { recursive: true })
    }
    await symlink(join(root, 'node_modules'), join(path, 'node_modules'))
    return new Workshop(path)
  }

  /** Plants a bug; the function that comes back takes it out again. */
  async plant({ name, file, find, replace }: PlantedBug): Promise<() => Promise<void>> {
    const path = join(this.path, file)
    const sound = await readFile(path, 'utf8')
    const places = sound.split(find).length - 1
    if (places !== 1) throw new Error(`The bug "${name}" fits ${places} places in ${file}; it must fit one.`)
    // A function, because a replacement text may hold `$&` and the like.
    await writeFile(
      path,
      sound.replace(find, () => replace),
    )
    return () => writeFile(path, sound)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true, force: true })
  }
}
