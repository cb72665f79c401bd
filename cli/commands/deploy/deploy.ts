import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { ROOT, configPath } from '../../../deploy/config-path.cjs';
import { regionOf } from '../../place';
import { type Result, type Session, confirm } from '../../session';
import { Problem } from '../../terminal/errors';
import { EXIT } from '../../terminal/exit-codes';

/**
 * `selfheal deploy`: Serverless with the config.ts of the folder in which the command is called.
 *
 * @throws Problem when there is no config.ts, it is wrong, there is no region, or Serverless fails.
 */
export async function deploy(
  session: Session,
  options: { package?: string; force?: boolean; verbose?: boolean },
): Promise<Result> {
  const { package: folder, force = false, verbose = false } = options;
  await regionOf(session);
  deployedConfig();
  // Serverless says the same, after seconds, and between words of its own.
  await session.localConfig();
  const flags = [
    ...(folder === undefined ? [] : ['--package', resolve(folder)]),
    ...(force ? ['--force'] : []),
    ...(verbose ? ['--verbose'] : []),
  ];
  return serverless(session, folder === undefined ? 'deploy' : 'package', flags);
}

/** `selfheal remove`. */
export async function remove(session: Session, { yes }: { yes?: boolean }): Promise<Result> {
  const { stage } = session.options;
  const region = await regionOf(session);
  await confirm(session, `Take the installation of stage ${stage} in ${region} down?`, yes);
  return serverless(session, 'remove', []);
}

async function serverless(session: Session, command: string, flags: readonly string[]): Promise<Result> {
  const { stage, profile, json = false } = session.options;
  const region = await regionOf(session);
  const config = deployedConfig();
  try {
    // Serverless and esbuild write beside serverless.yml.
    accessSync(ROOT, constants.W_OK);
  } catch {
    throw new Problem(`${ROOT} cannot be written to: install selfheal where you may write`);
  }
  const child = spawn(
    process.execPath,
    [program(), command, ...['--region', region, '--stage', stage], ...flags],
    {
      cwd: ROOT,
      env: {
        SLS_TELEMETRY_DISABLED: '1',
        SLS_NOTIFICATIONS_MODE: 'off',
        ...process.env,
        ...(profile !== undefined && { AWS_PROFILE: profile }),
        SELFHEAL_CONFIG: config,
      },
      // One document stands on stdout with --json.
      stdio: ['ignore', json ? 2 : 'inherit', 'inherit'],
      windowsHide: true,
    },
  );
  const code = await new Promise<number | null>((settle, fail) => {
    child.once('error', fail);
    child.once('close', settle);
  });
  if (code !== 0) throw new Problem(`serverless ${command} failed: what it says stands above`, EXIT.failed);
  return { exit: EXIT.fine, document: { command, stage, region, config } };
}

function deployedConfig(): string {
  try {
    return configPath();
  } catch (error) {
    throw new Problem(error instanceof Error ? error.message : String(error));
  }
}

function program(): string {
  const manifest = createRequire(__filename).resolve('serverless/package.json');
  return join(dirname(manifest), 'bin', 'serverless.js');
}
