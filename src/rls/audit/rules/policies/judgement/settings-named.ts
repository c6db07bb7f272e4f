import { COMPUTED } from '../../../../expression/settings-in-source.ts'

/** Settings, for a message, each once. */
export function settingsNamed(settings: readonly string[]): readonly string[] {
  return [...new Set(settings)].map((name) => (name === COMPUTED ? 'a setting whose name is computed' : name))
}
