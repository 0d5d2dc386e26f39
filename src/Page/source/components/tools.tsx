import { useState } from 'preact/hooks';
import type { Message, ToolCall } from '../data/types';
import { sendResults } from '../session/answering';
import { Icon } from './icon';
import { Markdown } from './markdown';

/** A call of a tool: its name, and folded its arguments. */
export const Call = ({ call, isWritten }: { call: ToolCall; isWritten: boolean }) => (
  <details class="fold">
    <summary><Icon name="tool" />Calls <code>{call.name || '…'}</code></summary>
    <div class="folded"><Markdown text={fenced(call.arguments)} isWritten={isWritten} /></div>
  </details>
);

/** What a tool answered. */
export const Result = ({ message }: { message: Message }) => (
  <details class="fold">
    <summary><Icon name="check" />Result</summary>
    <div class="folded"><Markdown text={fenced(message.text)} isWritten={false} /></div>
  </details>
);

/** Fields for the results of the calls: the page itself runs no tools. */
export function ResultForm({ message }: { message: Message }) {
  const calls = message.toolCalls ?? [];
  const [results, setResults] = useState<string[]>(calls.map(() => ''));
  return (
    <form class="results" onSubmit={(event) => { event.preventDefault(); sendResults(message, results); }}>
      {calls.map((call, i) => (
        <label key={call.id}>
          <span>Result of <code>{call.name}</code></span>
          <textarea rows={2} value={results[i]} onInput={(event) => setResults(results.map((old, j) => j === i ? event.currentTarget.value : old))} />
        </label>
      ))}
      <div class="buttons"><button class="button primary">Send {calls.length === 1 ? 'result' : 'results'}</button></div>
    </form>
  );
}

function fenced(text: string): string {
  let shown = text;
  try {
    shown = JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    // Not JSON, or not all of it yet.
  }
  const longest = Math.max(2, ...[...shown.matchAll(/`+/g)].map((match) => match[0].length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}json\n${shown}\n${fence}`;
}
