import { redirect } from 'next/navigation'
import { LiveConsole } from '../components/live-console.tsx'
import { overview } from '../lib/overview.ts'
import { currentOperator } from '../lib/session.ts'

export const dynamic = 'force-dynamic'

export default async function Page() {
  const operator = await currentOperator()
  if (!operator) redirect('/login')
  return <LiveConsole initial={await overview()} operator={operator.name} />
}
