import { useEffect, useState } from 'preact/hooks';
import type { ReportData } from '../report/data';

/** The newest data, asked for while somebody looks; `lost` while nobody answers. */
export function useLive(first: ReportData, everySeconds: number | undefined) {
  const [live, setLive] = useState({ data: first, lost: false });
  useEffect(() => {
    if (everySeconds === undefined) return undefined;
    const ask = async () => {
      if (document.hidden) return;
      try {
        const reply = await fetch('data.json', { cache: 'no-store' });
        if (!reply.ok) throw new Error(reply.statusText);
        const data = (await reply.json()) as ReportData;
        setLive({ data, lost: false });
      } catch {
        setLive(({ data }) => ({ data, lost: true }));
      }
    };
    const timer = setInterval(() => void ask(), everySeconds * 1_000);
    const seen = () => void ask();
    document.addEventListener('visibilitychange', seen);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', seen);
    };
  }, [everySeconds]);
  return live;
}
