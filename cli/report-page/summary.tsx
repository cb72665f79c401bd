import type { ReportData, State } from '../report/data';
import { StateIcon } from './icons';
import { STATE_WORDS, counted, number } from './words';

const ALWAYS: readonly State[] = ['failed', 'held', 'approval', 'open', 'planned', 'fixed', 'exempt'];
const IF_ANY: readonly State[] = ['working', 'undone', 'again'];

interface Props {
  readonly data: ReportData;
  /** The state that the list is narrowed to. */
  readonly state: State | '';
  readonly choose: (state: State | '') => void;
}

/** How things stand, in a sentence and in numbers that narrow the list. */
export function Summary({ data, state, choose }: Props) {
  const shown = [...ALWAYS, ...IF_ANY.filter((name) => data.totals[name])];
  return (
    <section class="summary" aria-labelledby="summary">
      <h1 id="summary">{headline(data)}</h1>
      <p class="lead">{sentence(data)}</p>
      <ul class="tiles">
        {shown.map((name) => {
          const count = data.totals[name] ?? 0;
          return (
            <li key={name}>
              <button
                type="button"
                class={`tile${count === 0 ? ' none' : ''}`}
                aria-pressed={state === name}
                onClick={() => {
                  choose(state === name ? '' : name);
                }}
              >
                <span class="tile-name">
                  <StateIcon state={name} /> {STATE_WORDS[name].name}
                </span>
                <span class="tile-count">{number(count)}</span>
                <span class="tile-means">{STATE_WORDS[name].means}</span>
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function headline({ totals }: ReportData): string {
  const { failed = 0, held = 0, approval = 0, open = 0, planned = 0, working = 0, fixed = 0 } = totals;
  const attention = failed + held + approval;
  if (attention > 0) return `${counted(attention, 'fault')} ${attention === 1 ? 'needs' : 'need'} a person`;
  if (open + planned > 0) return `${counted(open + planned, 'fault')} found, ${number(fixed)} fixed`;
  if (working > 0) return `${counted(working, 'repair')} under way`;
  return fixed > 0
    ? `All ${counted(fixed, 'fault')} found ${fixed === 1 ? 'is' : 'are'} fixed`
    : 'Nothing was found';
}

function sentence({ totals, installation }: ReportData): string {
  const { fixed = 0, open = 0 } = totals;
  const parts = [
    `${counted(fixed, 'repair')} ${fixed === 1 ? 'was' : 'were'} proven by reading the resource again.`,
    installation.autoResponse
      ? 'Auto response is on.'
      : open > 0
        ? `Auto response is off: ${counted(open, 'fault')} ${open === 1 ? 'waits' : 'wait'} in the queue.`
        : 'Auto response is off: what is found waits in the queue.',
    `${counted(installation.enabledBots, 'bot')} ${installation.enabledBots === 1 ? 'is' : 'are'} enabled.`,
  ];
  return parts.join(' ');
}
