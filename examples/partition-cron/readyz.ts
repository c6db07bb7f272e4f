import { createServer, type Server } from 'node:http'
import { definePartitions, type PartitionOptions, partitionReadiness } from 'leasehold/partitioning'
import type pg from 'pg'

/**
 * `/readyz` of a service that writes into the tables: 503 as soon as rows would be refused in less than 31 days. It is the watchman of the
 * job that does not depend on what starts the job. Asked over the application's own pool, since it needs no right but to connect.
 *
 * @param partitions of the configuration that the job of this database has
 */
export function readinessServer(pool: pg.Pool, partitions: PartitionOptions): Server {
  const months = definePartitions(partitions)
  return createServer(async (request, response) => {
    if (request.url !== '/readyz') return response.writeHead(404).end()
    try {
      const { ready, tables } = await partitionReadiness(pool, months)
      response
        .writeHead(ready ? 200 : 503, { 'content-type': 'application/json' })
        .end(JSON.stringify({ ready, tables }))
    } catch {
      // What was wrong stands in the log of whoever asks the database; no answer of this kind may quote it.
      response.writeHead(503, { 'content-type': 'application/json' }).end('{"ready":false}')
    }
  })
}
