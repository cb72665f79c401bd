import type { Config } from '../../shared/config';
import { configDifferences, deployedConfig } from '../deployed-config';
import type { Session } from '../session';
import { Problem } from '../terminal/errors';
import { type Patient, type Row, type Verdict, deployCommand, green, red, unknown } from './check';
import { some } from '../../shared/text';

/** Whether config.ts can be deployed, and is what is deployed; and the config that the installation goes by. */
export interface ConfigLook {
  readonly row: Row;
  /** What is deployed, or config.ts here where that cannot be told; absent where that is wrong. */
  readonly config?: Config;
  readonly differences: readonly string[];
}

/** Looks at config.ts here and at what is deployed. */
export async function lookAtConfig(
  session: Session,
  place: Pick<Patient, 'stage' | 'home'>,
): Promise<ConfigLook> {
  const [local, deployed] = await Promise.all([localConfig(session), deployedConfig(session.options)]);
  const row = (verdict: Verdict): Row => ({ id: 'config', ...verdict });
  if (local instanceof Problem) {
    return {
      row: row(red(local.message, 'npx selfheal validate shows all of it')),
      ...('config' in deployed && { config: deployed.config }),
      differences: ['config.ts is wrong'],
    };
  }
  if ('unknown' in deployed) {
    const { denied } = deployed;
    const verdict =
      denied === undefined
        ? green('config.ts is right; nothing says what is deployed: all is judged by config.ts here')
        : unknown(`AWS denies ${denied} to who runs this`, `allow ${denied}, and run it again`);
    return { row: row(verdict), config: local, differences: [] };
  }
  const differences = configDifferences(local, deployed.config);
  const verdict =
    differences.length === 0
      ? green('config.ts is right, and is what is deployed')
      : red(
          `config.ts here is not what is deployed, by which the rest is judged: ${some(differences, 3)}`,
          `git pull, if this checkout is old; ${deployCommand(place)}, if the change is yours`,
        );
  return { row: row(verdict), config: deployed.config, differences };
}

async function localConfig(session: Session): Promise<Config | Problem> {
  try {
    return await session.localConfig();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}
