import type { EventPattern } from '../functions/findings/source';
import { sources } from '../functions/findings/sources';
import type { Config } from '../shared/config';
import { type Resource, att, pascal } from './template';

/**
 * By source, what it says on EventBridge, for the sources that config.ts names.
 *
 * @throws Error for one that says nothing there.
 */
export function findingsPatterns({ findings }: Config): Record<string, EventPattern> {
  return Object.fromEntries(
    (findings?.events ?? []).map((name) => {
      const pattern = sources.find((source) => source.name === name)?.eventPattern;
      if (!pattern)
        throw new Error(`config.ts: findings.events names ${name}, which says nothing on EventBridge`);
      return [name, pattern];
    }),
  );
}

/** The rules that send the events of AWS's own sources into the findings queue, for the sources that config.ts names. */
export function findingsEvents(config: Config): Record<string, Resource> {
  const rules = Object.entries(findingsPatterns(config)).map(([name, pattern]): [string, Resource] => [
    `${pascal(name)}Findings`,
    rule(name, pattern),
  ]);
  return Object.fromEntries(rules);
}

function rule(name: string, EventPattern: object): Resource {
  return {
    Type: 'AWS::Events::Rule',
    Properties: {
      Description: `Findings of ${name}, taken in by selfheal`,
      EventPattern,
      Targets: [{ Id: 'findings', Arn: att('FindingsQueue') }],
    },
  };
}
