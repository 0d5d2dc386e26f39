import { useEffect, useState } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import type { Problem } from '../data/types';
import { Icon } from './icon';

/** A problem in words, with what can be done. */
export function Notice({ problem, children }: { problem: Problem; children?: ComponentChildren }) {
  return (
    <div class="notice" role="alert">
      <Icon name="warning" />
      <div>
        <p>{problem.title}</p>
        {problem.detail && problem.detail !== problem.title && <p class="detail">{problem.detail}</p>}
        {children && <div class="buttons">{children}</div>}
      </div>
    </div>
  );
}

/** Whole seconds until a time; 0 after it. */
export function useSecondsUntil(time: number | undefined): number {
  const left = () => Math.max(0, Math.ceil(((time ?? 0) - Date.now()) / 1000));
  const [seconds, setSeconds] = useState(left);
  useEffect(() => {
    setSeconds(left());
    if (left() === 0) return;
    const timer = setInterval(() => {
      setSeconds(left());
      if (left() === 0) clearInterval(timer);
    }, 250);
    return () => clearInterval(timer);
  }, [time]);
  return seconds;
}
