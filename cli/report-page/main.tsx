import { render } from 'preact';
import type { ReportData } from '../report/data';
import { App } from './app';

/** The page: the data stands in the document, and where it is served live, newer data is asked for. */
const data = JSON.parse(document.getElementById('data')?.textContent ?? '') as ReportData;
const root = document.getElementById('app');
const everySeconds = Number(document.documentElement.dataset.live);
if (root) render(<App first={data} everySeconds={everySeconds > 0 ? everySeconds : undefined} />, root);
