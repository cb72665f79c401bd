import { useState } from 'preact/hooks';
import { DIMENSIONS, type Dimension, type ReportData, STATES, type State } from '../report/data';
import type { Filters } from './filters';
import { StateIcon } from './icons';
import { DIMENSION_WORDS, STATE_WORDS, number } from './words';

interface Props {
  readonly data: ReportData;
  readonly narrow: (filters: Partial<Filters>) => void;
}

const FIRST = 8;

/** How many faults there are in each state: by account, region, bot, standard or severity. */
export function Breakdown({ data, narrow }: Props) {
  const [dimension, setDimension] = useState<Dimension>('bot');
  const [all, setAll] = useState(false);
  const lines = data.breakdown[dimension];
  const states = STATES.filter((state) => lines.some(({ counts }) => counts[state]));
  const shown = all ? lines : lines.slice(0, FIRST);
  const name = DIMENSION_WORDS[dimension];
  return (
    <section class="card" aria-labelledby="breakdown">
      <div class="head">
        <h2 id="breakdown">Where faults are</h2>
        <fieldset class="choice">
          <legend class="hidden">Count by</legend>
          {DIMENSIONS.map((one) => (
            <label key={one}>
              <input
                type="radio"
                name="dimension"
                value={one}
                checked={one === dimension}
                onChange={() => {
                  setDimension(one);
                  setAll(false);
                }}
              />
              <span>{DIMENSION_WORDS[one]}</span>
            </label>
          ))}
        </fieldset>
      </div>
      {lines.length === 0 ? (
        <p class="quiet">There is nothing to count.</p>
      ) : (
        <div class="scroll" role="region" aria-label={`Faults by ${name.toLowerCase()}`} tabIndex={0}>
          <table class="counts">
            <thead>
              <tr>
                <th scope="col">{name}</th>
                {states.map((state) => (
                  <th key={state} scope="col" class="num">
                    <StateIcon state={state} /> {STATE_WORDS[state].name}
                  </th>
                ))}
                <th scope="col" class="num">
                  All
                </th>
              </tr>
            </thead>
            <tbody>
              {shown.map(({ name: value, counts }) => (
                <tr key={value}>
                  <th scope="row">
                    <button
                      type="button"
                      class="link"
                      onClick={() => {
                        narrow({ [dimension]: value });
                      }}
                    >
                      {value}
                    </button>
                  </th>
                  {states.map((state) => (
                    <td key={state} class="num">
                      {cell(counts[state], state)}
                    </td>
                  ))}
                  <td class="num">
                    <b>{number(Object.values(counts).reduce((sum, count) => sum + count, 0))}</b>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {lines.length > FIRST && (
        <button
          type="button"
          class="plain"
          aria-expanded={all}
          onClick={() => {
            setAll(!all);
          }}
        >
          {all ? `Show the first ${FIRST}` : `Show all ${number(lines.length)}`}
        </button>
      )}
      {dimension === 'standard' && <p class="quiet">A fault may count in several standards.</p>}
    </section>
  );
}

function cell(count: number | undefined, state: State) {
  return count ? <span class={`state-${state}`}>{number(count)}</span> : <span class="zero">0</span>;
}
