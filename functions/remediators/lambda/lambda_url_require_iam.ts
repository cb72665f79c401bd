import {
  type FunctionUrlConfig,
  UpdateFunctionUrlConfigCommand,
  paginateListFunctionUrlConfigs,
} from '@aws-sdk/client-lambda';
import { FUNCTION, qualifierOf, untouchableFunction } from './lib/functions';
import { defineBot } from '../../../shared/bot/bot';

export const bot = defineBot({
  ...FUNCTION,
  id: 'lambda_url_require_iam',
  title: 'Make the URLs of a Lambda function ask for IAM credentials',
  severity: 'high',
  risk: 'disruptive',
  kind: 'posture',
  recheck: 'daily',
  permissions: {
    read: ['lambda:ListFunctionUrlConfigs'],
    write: ['lambda:UpdateFunctionUrlConfig'],
    where: {
      'lambda:UpdateFunctionUrlConfig': { StringEquals: { 'lambda:FunctionUrlAuthType': 'AWS_IAM' } },
    },
  },

  async inspect({ lambda: client }, { target: { id: FunctionName } }) {
    const urls: Url[] = [];
    for await (const page of paginateListFunctionUrlConfigs({ client }, { FunctionName })) {
      urls.push(...(page.FunctionUrlConfigs ?? []).map(toUrl));
    }
    return { urls: urls.sort((one, other) => nameOf(one).localeCompare(nameOf(other))) };
  },

  check({ urls }) {
    const open = urls.filter(({ auth }) => auth === 'NONE').map(nameOf);
    return open.length > 0 ? `everyone can run the function at the URL of ${open.join(', ')}` : undefined;
  },

  plan({ urls }, { target: { id } }) {
    const held = untouchableFunction(id);
    if (held !== undefined) return { held };
    return urls.filter(({ auth }) => auth === 'NONE').map((one) => update(id, { ...one, auth: 'AWS_IAM' }));
  },

  undo: (before, { target: { id }, now }) =>
    before.urls
      .filter(({ auth, qualifier }) =>
        now.urls.some((one) => one.qualifier === qualifier && one.auth !== auth),
      )
      .map((one) => update(id, one)),
});

interface Url {
  /** The alias that it is for; absent: the function itself. */
  readonly qualifier?: string;
  readonly auth: FunctionUrlConfig['AuthType'];
  readonly cors?: FunctionUrlConfig['Cors'];
  readonly mode?: FunctionUrlConfig['InvokeMode'];
}

function toUrl({ FunctionArn, AuthType, Cors, InvokeMode }: FunctionUrlConfig): Url {
  const qualifier = qualifierOf(FunctionArn);
  return { ...(qualifier !== undefined && { qualifier }), auth: AuthType, cors: Cors, mode: InvokeMode };
}

function nameOf({ qualifier }: Url): string {
  return qualifier ?? '$LATEST';
}

/** With all that the URL has, so that nothing hangs on what Lambda makes of what is left out. */
function update(
  FunctionName: string,
  { qualifier: Qualifier, auth: AuthType, cors: Cors, mode: InvokeMode }: Url,
) {
  const more = {
    ...(Qualifier !== undefined && { Qualifier }),
    ...(Cors && { Cors }),
    ...(InvokeMode && { InvokeMode }),
  };
  return { lambda: new UpdateFunctionUrlConfigCommand({ FunctionName, AuthType, ...more }) };
}
