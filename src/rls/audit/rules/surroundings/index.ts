import type { AuditRule } from '../../audit-rule.ts'
import { backupRole } from './backup-role.ts'
import { foreignData } from './foreign-data.ts'
import { functionSetsContext } from './function-sets-context.ts'
import { leakproofFunction } from './leakproof-function.ts'
import { poolerSettings } from './pooler-settings.ts'
import { publicationExports } from './publication-exports.ts'
import { serverVersion } from './server-version.ts'
import { sourceText } from './source-text.ts'
import { triggerExempt } from './trigger-exempt.ts'
import { volumeVisible } from './volume-visible.ts'

/**
 * What stands around the tables: triggers, functions, publications, the server, the pooler, the application's source.
 */
export const SURROUNDING_RULES: readonly AuditRule[] = [
  triggerExempt,
  functionSetsContext,
  publicationExports,
  foreignData,
  leakproofFunction,
  serverVersion,
  backupRole,
  volumeVisible,
  poolerSettings,
  sourceText,
]
