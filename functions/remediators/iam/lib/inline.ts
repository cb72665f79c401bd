import type {
  DeleteGroupPolicyCommand,
  DeleteRolePolicyCommand,
  PutGroupPolicyCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import * as z from 'zod';
import { undefinedIfGone } from '../../../../shared/aws/errors';
import type { Context, Held } from '../../../../shared/bot/bot';
import { type Effects, effectsOf } from './effects';
import { NO_SUCH_ENTITY, documentText, statementsIn } from './iam';

/** An inline policy of a group or a role. */
export interface Inline extends Effects {
  readonly name: string;
  readonly document: string;
}

/** Parameters of the bots that delete inline policies. */
export const inlineParams = z.object({
  names: z
    .array(z.string().regex(/^[\w+=,.@-]{1,128}$/))
    .optional()
    .describe('the policies to delete, by name; not given: all'),
});
type In = Context<z.output<typeof inlineParams>>;

/** How it stands with the inline policies of a group or a role. */
interface State {
  readonly inline: readonly Inline[];
  /** Why they are left alone. */
  readonly obstacle?: string;
}

/** The inline policies with their documents, by name. */
export async function inlineOf(
  pages: AsyncIterable<{ PolicyNames?: string[] | undefined }>,
  get: (name: string) => Promise<{ PolicyDocument?: string | undefined }>,
): Promise<Inline[]> {
  const names: string[] = [];
  for await (const { PolicyNames = [] } of pages) names.push(...PolicyNames);
  const found: Inline[] = [];
  for (const name of names.sort()) {
    // One that is deleted meanwhile must not make its group or role look gone.
    const reply = await undefinedIfGone(get(name), NO_SUCH_ENTITY);
    const document = documentText(reply?.PolicyDocument);
    if (reply) found.push({ name, document, ...effectsOf(statementsIn(document)) });
  }
  return found;
}

/** The functions of a bot that deletes them: what only denies is left, and what denies too is held. */
export function deletingInline<
  P extends PutGroupPolicyCommand | PutRolePolicyCommand,
  D extends DeleteGroupPolicyCommand | DeleteRolePolicyCommand,
>({
  put,
  remove,
}: {
  readonly put: (id: string, name: string, document: string) => P;
  readonly remove: (id: string, name: string) => D;
}) {
  return {
    check(state: State, context: In): string | undefined {
      const names = meant(state, context).map(({ name }) => name);
      return names.length > 0 ? `inline policies give rights: ${names.join(', ')}` : undefined;
    },
    plan(state: State, context: In): { readonly iam: D }[] | Held {
      if (state.obstacle !== undefined) return { held: state.obstacle };
      const unmixed = meant(state, context).filter(({ denies }) => !denies);
      if (unmixed.length > 0) return unmixed.map(({ name }) => ({ iam: remove(context.target.id, name) }));
      const names = meant(state, context).map(({ name }) => name);
      return { held: `${names.join(', ')} also denies, and deleting that would give rights: take it apart` };
    },
    undo: (before: State, { target, now }: In & { readonly now: State }) =>
      before.inline
        .filter(({ name, document }) => now.inline.find((one) => one.name === name)?.document !== document)
        .map(({ name, document }) => ({ iam: put(target.id, name, document) })),
    footprint: ({ inline }: State) => ({ inline }),
  };
}

/** The policies that are to go. */
function meant({ inline }: State, { params: { names } }: In): Inline[] {
  return inline.filter(({ name, allows }) => allows && (names?.includes(name) ?? true));
}
