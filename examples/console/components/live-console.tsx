'use client'

import { useState } from 'react'
import type { ConsoleView } from '../view/console-view.ts'
import { AttentionList } from './attention-list.tsx'
import { AuditSection } from './audit-section.tsx'
import { CacheSection } from './cache-section.tsx'
import { Charts } from './charts.tsx'
import { ConnectionsSection } from './connections-section.tsx'
import { PartitionsSection } from './partitions-section.tsx'
import { PhaseSection } from './phase-section.tsx'
import { ReplicasSection } from './replicas-section.tsx'
import { RoutingSection } from './routing-section.tsx'
import { ServicesSection } from './services-section.tsx'
import { TenantsSection } from './tenants-section.tsx'
import { TopBar } from './top-bar.tsx'
import { useLiveView } from './use-live-view.ts'

/** The page. It begins with what the server rendered, and then moves by itself. */
export function LiveConsole({
  initial,
  operator,
}: {
  readonly initial: ConsoleView
  readonly operator: string
}) {
  const [isPaused, setPaused] = useState(false)
  const { view, liveness } = useLiveView(initial, isPaused)
  return (
    <div className="console">
      <a href="#main" className="skip">
        Skip to the content
      </a>
      <TopBar
        operator={operator}
        phase={view.phase.label}
        at={view.at}
        liveness={liveness}
        isPaused={isPaused}
        onPause={() => setPaused(!isPaused)}
      />
      <main id="main" tabIndex={-1}>
        <AttentionList verdict={view.verdict} items={view.attention} />
        <section aria-labelledby="trends-title">
          <h2 id="trends-title" className="visually-hidden">
            The last minutes
          </h2>
          <Charts history={view.history} />
        </section>
        <div className="grid">
          <ServicesSection services={view.services} />
          <ReplicasSection replicas={view.replicas} standbys={view.standbys} />
          <RoutingSection routing={view.routing} />
          <ConnectionsSection budgets={view.budgets} pools={view.pools} />
          <TenantsSection tenants={view.tenants} />
          <CacheSection caches={view.caches} />
          <PartitionsSection calendars={view.calendars} />
          <PhaseSection phase={view.phase} />
          <AuditSection audits={view.audits} />
        </div>
      </main>
      <footer className="foot muted">Read only. No row of a tenant’s is read to make this page.</footer>
    </div>
  )
}
