import { useEffect, useMemo, useState } from 'preact/hooks';
import type { ReportData } from '../report/data';
import { Breakdown } from './breakdown';
import { Coverage } from './coverage';
import { type Filters, NO_FILTERS, fromHash, toHash } from './filters';
import { List } from './list';
import { useLive } from './live';
import { Exemptions, NotHere } from './notes';
import { Proof } from './proof';
import { Summary } from './summary';
import { ThemeChoice } from './theme';
import { moment } from './words';

/** The whole page. */
export function App({
  first,
  everySeconds,
}: {
  readonly first: ReportData;
  readonly everySeconds: number | undefined;
}) {
  const { data, lost } = useLive(first, everySeconds);
  const [filters, setFilters] = useFilters();
  const narrow = (some: Partial<Filters>) => {
    setFilters({ ...NO_FILTERS, sort: filters.sort, ...some });
    document.getElementById('faults')?.focus();
  };
  const { account, region, stage } = data.installation;
  return (
    <>
      <a class="skip" href="#faults" onClick={toFaults}>
        Skip to the faults
      </a>
      <header class="top">
        <div class="bar">
          <p class="brand">
            <Mark /> selfheal
          </p>
          <p class="where">
            <span>
              Account <b>{account}</b>
            </span>
            <span>{region}</span>
            <span>stage {stage}</span>
          </p>
          <ThemeChoice />
        </div>
      </header>
      <main>
        <Summary
          data={data}
          state={filters.state}
          choose={(state) => {
            narrow({ state });
          }}
        />
        <p class="made">
          {everySeconds === undefined ? 'Written' : 'Live, as of'}{' '}
          <time dateTime={data.generatedAt}>{moment(data.generatedAt)}</time>, for the time since{' '}
          <time dateTime={data.period.since}>{moment(data.period.since)}</time>.{' '}
          <span role="status">
            {lost && <b class="lost">The dashboard does not answer: what is shown may be out of date.</b>}
          </span>
        </p>
        <div class="two">
          <Proof data={data} />
          <Coverage data={data} />
        </div>
        <Breakdown data={data} narrow={narrow} />
        <List data={data} filters={filters} setFilters={setFilters} />
        <Exemptions lines={data.exemptions} />
        <NotHere data={data} />
      </main>
      <footer>
        Made by <code>npx selfheal {everySeconds === undefined ? 'report' : 'dashboard'}</code>. This page
        asks nobody for anything{everySeconds === undefined ? '' : ' but the dashboard on this machine'}.
      </footer>
    </>
  );
}

/** Filters stand in the page's address: it can be kept, and sent to somebody who has the same file. */
function useFilters(): [Filters, (filters: Filters) => void] {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const changed = () => {
      setHash(location.hash);
    };
    addEventListener('hashchange', changed);
    return () => {
      removeEventListener('hashchange', changed);
    };
  }, []);
  const filters = useMemo(() => fromHash(hash), [hash]);
  return [
    filters,
    (next) => {
      const text = toHash(next);
      history.replaceState(null, '', text ? `#${text}` : location.pathname + location.search);
      setHash(text);
    },
  ];
}

/** The address is the filters': going there must not change it. */
function toFaults(event: Event): void {
  event.preventDefault();
  document.getElementById('faults')?.focus();
}

function Mark() {
  return (
    <svg class="mark" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path
        d="M12 2.2l8 3v6.1c0 5-3.3 8.7-8 10.5-4.7-1.8-8-5.5-8-10.5V5.2z"
        fill="none"
        stroke="currentColor"
        stroke-width="2"
        stroke-linejoin="round"
      />
      <path
        d="M8.2 12.1l2.7 2.7 5-5.2"
        fill="none"
        stroke="currentColor"
        stroke-width="2"
        stroke-linecap="round"
      />
    </svg>
  );
}
