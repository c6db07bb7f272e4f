export { type AvailableEngine, findDockerEngine, type UnavailableEngine } from './engine.ts'
export { provideImage } from './image.ts'
export type { PostgresBackend } from './postgres-backend.ts'
export { type DockerPrimaryOptions, startDockerPrimary } from './start-docker-primary.ts'
