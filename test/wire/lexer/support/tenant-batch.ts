import { executeUnit, MESSAGE, type PipelinedSession } from './pipelined-session.ts'

/** A text after which something was not as before. */
export interface Effect {
  readonly text: string
  readonly what: 'transaction left open' | 'tenant context changed' | 'COPY begun' | 'session state left'
  readonly before?: string
  readonly after?: string
}

export type BatchForm = 'implicit' | 'explicit'

const CONTEXT = `select set_config('app.tenant_id', 'one', true), set_config('app.user_id', 'seven', true)`

/** What must hold behind the caller's statement, in the same transaction. */
const PROBE = `
  select concat_ws('|', current_setting('app.tenant_id'), current_setting('app.user_id'), current_user, session_user,
    current_setting('role'), current_setting('row_security'), current_setting('search_path'),
    current_setting('client_encoding'), current_setting('standard_conforming_strings'),
    current_setting('transaction_isolation'), current_setting('transaction_read_only'))`

/** What outlives a transaction. */
const SESSION = `
  select concat_ws('|', current_user, session_user, current_setting('role'), current_setting('app.tenant_id', true),
    (select count(*) from pg_prepared_statements where name <> ''), (select count(*) from pg_listening_channels()),
    (select count(*) from pg_cursors where is_holdable), pg_my_temp_schema() <> 0 and exists (
      select from pg_class where relnamespace = pg_my_temp_schema()),
    (select string_agg(name || '=' || setting, ' ' order by name) from pg_settings where source = 'session'))`

const SESSION_CHECK_EVERY = 200
const SHOWN = 20
/** The status of a ReadyForQuery outside any transaction. */
const IDLE = 0x49
const COPY_IN = 0x47
const COPY_OUT = 0x48

interface Unit {
  readonly text: string
  readonly role: 'caller' | 'clean-up' | 'session'
}

/**
 * Runs each text as leasehold does: between the context statement and the end of its transaction, which is the Sync or
 * an explicit COMMIT. Returns what the texts changed that they should not have; of session state, found now and then,
 * the latest text before the finding.
 */
export async function runTenantBatches(
  session: PipelinedSession,
  form: BatchForm,
  texts: Iterator<string>,
): Promise<{ ran: number; effects: Effect[] }> {
  const units: Unit[] = []
  const effects: Effect[] = []
  const baseline = new Map<Unit['role'], string>()
  let queued: Unit[] = [
    { text: 'select 1', role: 'caller' },
    { text: SESSION, role: 'session' },
  ]
  let sent = 0
  let ran = 0
  let row = ''
  let failed = false
  let last = ''
  const note = (effect: Effect): void => {
    if (effects.length < SHOWN) effects.push(effect)
  }

  const next = (): Buffer | undefined => {
    if (queued.length === 0) {
      const drawn = texts.next()
      if (drawn.done === true) return undefined
      queued = [{ text: drawn.value, role: 'caller' }]
      // A text that failed in an explicit transaction leaves it aborted, which is no effect of the text's own.
      if (form === 'explicit') queued.push({ text: 'rollback', role: 'clean-up' })
      if (++sent % SESSION_CHECK_EVERY === 0) queued.push({ text: SESSION, role: 'session' })
    }
    const unit = queued.shift()
    if (unit === undefined) return undefined
    units.push(unit)
    return executeUnit(unit.role === 'caller' ? wrap(unit.text, form) : [unit.text])
  }
  await session.run(next, (type, bytes, from, to) => {
    const unit = units[0]
    if (unit === undefined) throw new Error('the server answered more than was sent')
    if (type === MESSAGE.error) failed = true
    else if (type === MESSAGE.dataRow) row = bytes.toString('utf8', from + 6, to)
    else if (type === COPY_IN || type === COPY_OUT) note({ text: unit.text, what: 'COPY begun' })
    if (type !== MESSAGE.ready) return
    units.shift()
    if (unit.role === 'caller') {
      last = unit.text
      if (!failed) ran++
      const isIdle = bytes.readUInt8(from) === IDLE
      if (!isIdle && !(failed && form === 'explicit')) note({ text: last, what: 'transaction left open' })
    }
    if (!failed && unit.role !== 'clean-up') {
      const before = baseline.get(unit.role)
      baseline.set(unit.role, before === undefined || unit.role === 'session' ? row : before)
      const what = unit.role === 'caller' ? 'tenant context changed' : 'session state left'
      if (before !== undefined && row !== before) note({ text: last, what, before, after: row })
    }
    failed = false
    row = ''
  })
  return { ran, effects }
}

function wrap(text: string, form: BatchForm): string[] {
  const batch = [CONTEXT, text, PROBE]
  return form === 'explicit' ? ['begin', ...batch, 'commit'] : batch
}
