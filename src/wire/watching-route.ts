import type { PositionWatch } from './position-watch.ts'
import type { ReadRoute } from './read-route.ts'

/** A route whose targets tell somebody else too where they stand, once they serve. */
export function watchingRoute(route: ReadRoute, watch: PositionWatch): ReadRoute {
  return {
    run: (send) => route.run((target) => send({ ...target, watch: both(target.watch, watch) })),
  }
}

function both(first: PositionWatch, second: PositionWatch): PositionWatch {
  return {
    opened: (at) => {
      first.opened?.(at)
      second.opened?.(at)
    },
    closed: (at) => {
      first.closed?.(at)
      second.closed?.(at)
    },
  }
}
