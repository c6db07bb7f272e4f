import { bytes, count, duration, milliseconds } from '../view/format.ts'
import type { ReplicaView, StandbysView } from '../view/replicas-view.ts'
import { DataTable } from './data-table.tsx'
import { Section } from './section.tsx'
import { StatusMark } from './status-mark.tsx'

export function ReplicasSection({
  replicas,
  standbys,
}: {
  readonly replicas: readonly ReplicaView[]
  readonly standbys: StandbysView
}) {
  return (
    <Section id="replicas" title="Replicas" note="As each service judges for itself">
      {replicas.length === 0 ? (
        <p className="empty">
          No service reads from a replica: this is phase 1, and every read goes to the primary.
        </p>
      ) : (
        <ul className="replicas">
          {replicas.map(({ id, status, state, meaning, lagMs, lagBytes, sightings, ejections, served }) => (
            <li key={id}>
              <h3>
                {id} <StatusMark status={status} label={state} />
              </h3>
              <p className="muted">{meaning}</p>
              <dl className="facts">
                <div>
                  <dt>Lag</dt>
                  <dd>{lagMs === undefined ? 'unknown' : milliseconds(lagMs)}</dd>
                </div>
                <div>
                  <dt>Behind</dt>
                  <dd>{lagBytes === undefined ? 'unknown' : bytes(lagBytes)}</dd>
                </div>
                <div>
                  <dt>Served</dt>
                  <dd>{count(served)}</dd>
                </div>
                <div>
                  <dt>Ejected</dt>
                  <dd>{count(ejections)} ×</dd>
                </div>
              </dl>
              <ul className="sightings">
                {sightings.map((sighting) => (
                  <li key={sighting.service}>
                    <span>{sighting.service}</span>
                    <StatusMark status={sighting.status} label={sighting.state} />
                    <span className="muted">for {duration(sighting.stateS)}</span>
                    {sighting.probeError ? <code>{sighting.probeError}</code> : null}
                  </li>
                ))}
              </ul>
            </li>
          ))}
        </ul>
      )}
      <h3>Who streams from the primary</h3>
      <DataTable
        label="Who streams from the primary"
        rows={standbys ?? []}
        keyOf={({ name }) => name}
        empty={standbys === undefined ? 'The primary does not say.' : 'Nobody.'}
        columns={[
          { title: 'Standby', cell: ({ name }) => name },
          { title: 'State', cell: ({ state, syncState }) => `${state}, ${syncState}` },
          {
            title: 'Replay lag',
            isNumber: true,
            cell: ({ lagMs }) => (lagMs === null ? 'none' : milliseconds(lagMs)),
          },
          {
            title: 'Behind',
            isNumber: true,
            cell: ({ lagBytes }) => (lagBytes === null ? '—' : bytes(lagBytes)),
          },
        ]}
      />
    </Section>
  )
}
