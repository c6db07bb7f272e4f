import type { PhaseView, TriggerView } from '../view/triggers-view.ts'
import { Meter } from './meter.tsx'
import { Section } from './section.tsx'
import { StatusMark } from './status-mark.tsx'

const STATUS = {
  reached: 'warn',
  'not reached': 'ok',
  'not measured': 'unknown',
  'acted upon': 'ok',
} as const

export function PhaseSection({ phase }: { readonly phase: PhaseView }) {
  return (
    <Section id="phase" title={`Phase ${phase.label}`} note={`Speaks for ${phase.next}`} wide>
      <p className="found">
        Found: {phase.found}.{' '}
        {phase.agrees ? null : <StatusMark status="warn" label="That is not what the label says" />}
      </p>
      <ul className="triggers">
        {phase.triggers.map((trigger) => (
          <Trigger key={trigger.id} {...trigger} />
        ))}
      </ul>
      <details className="unmeasured">
        <summary>What is not measured</summary>
        <dl>
          {phase.notMeasured.map(({ what, why }) => (
            <div key={what}>
              <dt>{what}</dt>
              <dd className="muted">{why}</dd>
            </div>
          ))}
        </dl>
      </details>
    </Section>
  )
}

function Trigger({ title, value, limit, progress, reached, basis }: TriggerView) {
  return (
    <li>
      <h3>{title}</h3>
      <p>
        <strong className="big">{value}</strong> <span className="muted">of {limit}</span>
      </p>
      <Meter share={progress ?? 0} tone={STATUS[reached] === 'ok' ? 'plain' : STATUS[reached]} />
      <p className="trigger-state">
        <StatusMark status={STATUS[reached]} label={reached} />
      </p>
      <p className="muted">{basis}</p>
    </li>
  )
}
