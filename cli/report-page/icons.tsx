import type { JSX } from 'preact';
import type { State } from '../report/data';

/** A shape for each state, so that none is told by its colour alone. The word stands beside it. */
export function StateIcon({ state }: { readonly state: State }) {
  return (
    <svg class={`icon state-${state}`} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      {SHAPES[state]}
    </svg>
  );
}

const line = {
  fill: 'none',
  stroke: 'currentColor',
  'stroke-width': 1.75,
  'stroke-linecap': 'round',
} as const;

const SHAPES: Readonly<Record<State, JSX.Element>> = {
  open: <circle cx="8" cy="8" r="5.5" {...line} />,
  planned: (
    <>
      <rect x="3" y="2.5" width="10" height="11" rx="1.5" {...line} />
      <path d="M5.8 6h4.4M5.8 9h4.4" {...line} />
    </>
  ),
  approval: (
    <>
      <circle cx="8" cy="5.2" r="2.7" {...line} />
      <path d="M2.8 13.5c.6-3 2.6-4.3 5.2-4.3s4.6 1.3 5.2 4.3" {...line} />
    </>
  ),
  working: (
    <>
      <circle cx="8" cy="8" r="5.5" {...line} />
      <path d="M8 4.7V8l2.2 1.5" {...line} />
    </>
  ),
  fixed: (
    <>
      <circle cx="8" cy="8" r="6.5" fill="currentColor" />
      <path d="M5 8.2l2.1 2.1L11 6.2" class="on-icon" {...line} />
    </>
  ),
  failed: (
    <>
      <path d="M5.2 1.5h5.6l3.7 3.7v5.6l-3.7 3.7H5.2L1.5 10.8V5.2z" fill="currentColor" />
      <path d="M5.7 5.7l4.6 4.6m0-4.6l-4.6 4.6" class="on-icon" {...line} />
    </>
  ),
  held: (
    <>
      <path d="M8 1.6l6.8 12.1H1.2z" fill="currentColor" />
      <path d="M8 6.2v3.3M8 11.6v.1" class="on-icon" {...line} />
    </>
  ),
  exempt: (
    <>
      <circle cx="8" cy="8" r="5.5" {...line} />
      <path d="M4.2 11.8l7.6-7.6" {...line} />
    </>
  ),
  undone: <path d="M6 3L3 6l3 3M3.2 6H9.5a3.5 3.5 0 010 7H6.5" {...line} />,
  again: <path d="M12.8 5.5A5.3 5.3 0 103 9.5M13 2.5v3.2h-3.2" {...line} />,
};
