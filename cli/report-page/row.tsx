import { useId } from 'preact/hooks';
import type { Item } from '../report/data';
import { Details } from './details';
import { StateIcon } from './icons';
import { STATE_WORDS, ago, moment } from './words';

interface Props {
  readonly item: Item;
  /** When the data was made: what "ago" counts from. */
  readonly now: string;
  readonly isOpen: boolean;
  readonly toggle: () => void;
}

/** A fault in a line, and in full below it when it is opened. */
export function Row({ item, now, isOpen, toggle }: Props) {
  const id = useId();
  const { state, standing, violation, bot, times, severity, target, at } = item;
  return (
    <tbody role="rowgroup" class={isOpen ? 'open' : undefined}>
      <tr role="row">
        <td role="cell" class="cell-state">
          <span class={`badge state-${state}`}>
            <StateIcon state={state} />
            {STATE_WORDS[state].name}
          </span>
          {standing !== undefined && standing !== state && <span class="under">{standing}</span>}
        </td>
        <td role="cell" class="cell-wrong">
          <span class="violation">{violation}</span>
          <span class="under">
            {bot}
            {times !== undefined && `, asked for by ${times} findings`}
          </span>
        </td>
        <td role="cell" class="cell-resource">
          {target ? (
            <>
              <span class="id">{target.id}</span>
              <span class="under">
                {target.type.replace(/^AWS::/, '').replace('::', ' ')} · {target.account} · {target.region}
              </span>
            </>
          ) : (
            <span class="quiet">not known</span>
          )}
        </td>
        <td role="cell" class="cell-severity">
          <Severity name={severity} />
        </td>
        <td role="cell" class="cell-when">
          <time dateTime={at} title={moment(at)}>
            {ago(at, now)}
          </time>
        </td>
        <td role="cell" class="cell-more">
          <button
            type="button"
            class="more"
            aria-expanded={isOpen}
            aria-controls={id}
            aria-label={`Details of ${bot} on ${target?.id ?? 'a resource that is not known'}`}
            onClick={toggle}
          >
            <svg viewBox="0 0 16 16" aria-hidden="true" focusable="false">
              <path
                d="M4 6l4 4 4-4"
                fill="none"
                stroke="currentColor"
                stroke-width="1.75"
                stroke-linecap="round"
              />
            </svg>
          </button>
        </td>
      </tr>
      <tr role="row" id={id} hidden={!isOpen}>
        <td role="cell" colSpan={6} class="cell-details">
          {isOpen && <Details item={item} />}
        </td>
      </tr>
    </tbody>
  );
}

const LEVELS = ['low', 'medium', 'high', 'critical'];

/** The word, and as many marks as it is grave. */
function Severity({ name }: { readonly name: Item['severity'] }) {
  const level = LEVELS.indexOf(name) + 1;
  return (
    <span class={`severity severity-${name}`}>
      <svg viewBox="0 0 22 12" aria-hidden="true" focusable="false">
        {LEVELS.map((one, index) => (
          <rect
            key={one}
            class={index < level ? 'on' : 'off'}
            x={index * 6}
            y={9 - index * 3}
            width="4"
            height={3 + index * 3}
            rx="1"
          />
        ))}
      </svg>
      {name}
    </span>
  );
}
