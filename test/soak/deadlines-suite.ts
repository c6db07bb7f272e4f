import type { SoakSuite } from './suite.ts'
export const deadlinesSuite: SoakSuite = {
  name: 'deadlines',
  hasControl: false,
  run: () => Promise.reject(new Error('x')),
}
