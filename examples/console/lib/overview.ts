import 'server-only'
import { type ConsoleView, viewConsole } from '../view/console-view.ts'
import { wiring } from './wiring.ts'

/** The page as it stands now. */
export async function overview(): Promise<ConsoleView> {
  const { now, earlier, history } = await wiring().observer.look()
  return viewConsole(earlier, now, history)
}
