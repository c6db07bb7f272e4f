import { quoteName } from '../../../rls/sql/quote.ts'
import type { TriggerShape } from '../shape/table-shape.ts'

/** ALTER TABLE … TRIGGER, by `pg_trigger.tgenabled`; `O` is what a new trigger has. */
const STATES: Readonly<Record<string, string>> = { D: 'disable', R: 'enable replica', A: 'enable always' }

/** A trigger as it was, on the table of the same name. */
export function createTrigger(ident: string, { name, definition, enabled }: TriggerShape): readonly string[] {
  const state = STATES[enabled]
  return [`${definition};`, ...(state ? [`alter table ${ident} ${state} trigger ${quoteName(name)};`] : [])]
}
