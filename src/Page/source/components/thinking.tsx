import { useEffect, useState } from 'preact/hooks';
import type { Message } from '../data/types';
import { Icon } from './icon';
import { Markdown } from './markdown';

/** What a model thought before it answered: folded, with the time that it took. */
export function Thinking({ text, ms, isWritten }: { text: string; ms: number | undefined; isWritten: boolean }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details class={`fold thinking${isWritten ? ' live' : ''}`} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary><Icon name="right" />{isWritten ? <>Thinking… <Clock /></> : ms === undefined ? 'Thoughts' : `Thought for ${duration(ms)}`}</summary>
      {isOpen && <div class="folded"><Markdown text={text} isWritten={isWritten} /></div>}
    </details>
  );
}

/** Seconds since it is shown. */
function Clock() {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setSeconds((value) => value + 1), 1000);
    return () => clearInterval(timer);
  }, []);
  return <span class="quiet">{seconds > 0 && `${seconds} s`}</span>;
}

export function duration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  return seconds < 60 ? `${Math.round(seconds)} s` : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** The thoughts and the answer of a message. Servers that do not divide them send thoughts between tags. */
export function divided(message: Message): { reasoning: string; text: string } {
  if (message.reasoning) return { reasoning: message.reasoning, text: message.text };
  const match = /^\s*<think>([\s\S]*?)(?:<\/think>\s*|$)/.exec(message.text);
  return match ? { reasoning: match[1]!.trim(), text: message.text.slice(match[0].length) } : { reasoning: '', text: message.text };
}
