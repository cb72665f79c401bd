import type { CloudwatchLogsExportConfiguration } from '@aws-sdk/client-rds';
import * as z from 'zod';
import { includes } from '../../../../shared/bot/setting';

/**
 * The logs that instances of an engine, and Multi-AZ DB clusters, write to CloudWatch Logs. Source: RDS User Guide,
 * Publishing database logs to CloudWatch Logs.
 */
const BY_ENGINE: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^postgres$/, ['postgresql', 'upgrade']],
  [/^(mysql|mariadb)$/, ['audit', 'error', 'general', 'slowquery']],
  [/^oracle-/, ['alert', 'audit', 'listener', 'trace']],
  [/^sqlserver-/, ['agent', 'error']],
  [/^db2-/, ['diag.log', 'notify.log']],
];

/**
 * The logs that clusters should write: those that tell who did what. Sources: Aurora, DocumentDB and Neptune User
 * Guides, publishing logs.
 */
const BY_CLUSTER_ENGINE: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^aurora(-mysql)?$/, ['audit']],
  [/^aurora-postgresql$/, ['postgresql']],
  [/^docdb$/, ['audit', 'profiler']],
  [/^neptune$/, ['audit']],
  ...BY_ENGINE,
];

/** The logs that an instance should write; none: its engine has none. */
export function logsOf(engine: string): readonly string[] {
  return found(BY_ENGINE, engine);
}

/** The logs that a cluster should write; none: its engine has none. */
export function clusterLogsOf(engine: string): readonly string[] {
  return found(BY_CLUSTER_ENGINE, engine);
}

/** What bots share that have logs written. */
export const LOG_TYPES = {
  params: z.object({
    logTypes: z
      .array(z.string())
      .optional()
      .describe('the logs, of those that the bot looks at: audit, error; default: all of them'),
  }),
  from: { logTypes: 'config' },
} as const;

/** All of the logs, or those of them that are asked for. */
export function wantedLogs(logs: readonly string[], asked: readonly string[] | undefined) {
  return includes(asked ? logs.filter((log) => asked.includes(log)) : logs);
}

/** What leads from the logs that are written to those that should be. */
export function exporting(
  wanted: readonly string[],
  is: readonly string[],
): CloudwatchLogsExportConfiguration {
  return {
    EnableLogTypes: wanted.filter((log) => !is.includes(log)),
    DisableLogTypes: is.filter((log) => !wanted.includes(log)),
  };
}

function found(list: typeof BY_ENGINE, engine: string): readonly string[] {
  return list.find(([pattern]) => pattern.test(engine))?.[1] ?? [];
}
