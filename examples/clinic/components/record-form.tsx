'use client'

import type { RecordKind } from '@clinic/schema'
import { useActionState } from 'react'
import { addRecord } from '../actions/add-record.ts'
import { UNTRIED } from '../lib/form-state.ts'
import { FormEnd } from './form-end.tsx'

const KINDS: readonly (readonly [RecordKind, string])[] = [
  ['note', 'Note'],
  ['diagnosis', 'Diagnosis'],
  ['prescription', 'Prescription'],
  ['result', 'Result'],
]

export function RecordForm({ patientId }: { readonly patientId: string }) {
  const [{ values, problem }, action, isPending] = useActionState(addRecord, UNTRIED)
  return (
    <form action={action} className="form card">
      <input type="hidden" name="patientId" value={patientId} />
      <fieldset className="kinds">
        <legend>Kind</legend>
        {KINDS.map(([kind, words]) => (
          <label key={kind} className="choice">
            <input type="radio" name="kind" value={kind} defaultChecked={kind === (values.kind ?? 'note')} />
            <span>{words}</span>
          </label>
        ))}
      </fieldset>
      <label className="field">
        <span>Entry</span>
        <textarea name="body" required rows={7} maxLength={10_000} defaultValue={values.body} />
      </label>
      <p className="hint">An entry is never changed. A correction is another entry.</p>
      <FormEnd problem={problem} isPending={isPending} words="Save record" back={`/patients/${patientId}`} />
    </form>
  )
}
