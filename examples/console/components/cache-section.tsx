import type { CacheView } from '../view/cache-view.ts'
import { count, percent } from '../view/format.ts'
import { Section } from './section.tsx'
import { StatusMark } from './status-mark.tsx'

export function CacheSection({ caches }: { readonly caches: readonly CacheView[] }) {
  return (
    <Section id="cache" title="Cache" note="One hit in some is compared with the primary">
      {caches.length === 0 ? <p className="empty">No service has told of a cache.</p> : null}
      {caches.map((cache) => (
        <div key={cache.service} className="cache">
          <h3>
            {cache.service} <StatusMark status={cache.status} />
          </h3>
          <p className="muted">{cache.note}</p>
          <dl className="facts">
            <Fact title="Hits" value={cache.hitShare === undefined ? '—' : percent(cache.hitShare)} />
            <Fact title="Of" value={count(cache.hits + cache.misses)} />
            <Fact title="Consistency" value={nines(cache)} />
            <Fact title="Stale found" value={`${count(cache.staleFound)} of ${count(cache.compared)}`} />
            <Fact title="Stale not stored" value={count(cache.staleRejected)} />
            <Fact title="Without Redis" value={count(cache.unavailable)} />
          </dl>
        </div>
      ))}
    </Section>
  )
}

/** Below one nine the comparisons are too few to vouch for anything. */
function nines({ nines: vouched }: CacheView): string {
  if (vouched === undefined) return 'not compared'
  return vouched < 1 ? 'too few compared' : `${vouched.toFixed(1)} nines`
}

function Fact({ title, value }: { readonly title: string; readonly value: string }) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>{value}</dd>
    </div>
  )
}
