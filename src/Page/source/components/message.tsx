import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { subtree } from '../data/tree';
import type { Message } from '../data/types';
import { chats, deleteMessage, showBranch } from '../stores/chats';
import { continueAnswer, edit, isRunning, regenerate, retry, stop } from '../session/answering';
import { progress } from '../session/progress';
import { useStore } from '../stores/store';
import { copyText } from './clipboard';
import { Confirm } from './dialog';
import { IconButton } from './icon';
import { Markdown } from './markdown';
import { memo } from './memo';
import { Notice, useSecondsUntil } from './notice';
import { Call, Result, ResultForm } from './tools';
import { divided, Thinking } from './thinking';
import { askForKey } from './key';

interface Props {
  message: Message;
  isLast: boolean;
  /** Which of the alternatives it is, from 1. */
  number: number;
  count: number;
  /** The alternatives before and after it. */
  previous: Message | undefined;
  next: Message | undefined;
}

export const MessageView = memo(function MessageView(props: Props) {
  const { message } = props;
  if (message.role === 'tool') return <Result message={message} />;
  return message.role === 'user' ? <Question {...props} /> : <Answer {...props} />;
});

function Question(props: Props) {
  const { message, isLast } = props;
  const [isEditing, setEditing] = useState(false);
  if (isEditing) return <EditForm message={message} onClose={() => setEditing(false)} />;
  return (
    <article class={`message question${isLast ? ' last' : ''}`} aria-label="You">
      {message.attachments?.map((file) => (
        <details class="fold file" key={file.name}>
          <summary>{file.name}<span class="quiet">{size(file.text.length)}</span></summary>
          <pre tabIndex={0}>{file.text.slice(0, 20_000)}</pre>
        </details>
      ))}
      {message.text && <div class="bubble">{message.text}</div>}
      <div class="actions">
        <Branches {...props} />
        <CopyButton text={message.text} />
        <IconButton icon="edit" label="Edit" class="edit" onClick={() => setEditing(true)} />
        <DeleteButton message={message} />
      </div>
    </article>
  );
}

function EditForm({ message, onClose }: { message: Message; onClose: () => void }) {
  const [text, setText] = useState(message.text);
  const area = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    area.current!.focus();
    area.current!.setSelectionRange(message.text.length, message.text.length);
  }, []);
  const send = () => {
    if (text.trim() === '') return;
    onClose();
    edit(message, text);
  };
  return (
    <form class="message question editing" onSubmit={(event) => { event.preventDefault(); send(); }}>
      <textarea ref={area} aria-label="Edit the message" value={text}
        rows={Math.min(12, text.split('\n').length + 1)} onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            event.stopPropagation();
            onClose();
          } else if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
            event.preventDefault();
            send();
          }
        }} />
      <div class="buttons">
        <button type="button" class="button" onClick={onClose}>Cancel</button>
        <button class="button primary">Send as a new branch</button>
      </div>
    </form>
  );
}

function Answer(props: Props) {
  const { message, isLast } = props;
  const isWritten = message.state === 'running' && isRunning(message.id);
  const { reasoning, text } = divided(message);
  const canContinue = !isWritten && text !== '' && (message.state !== 'done' || message.finish === 'length');
  return (
    <article class={`message answer${isLast ? ' last' : ''}`} aria-label="Answer" aria-busy={isWritten}>
      {reasoning && <Thinking text={reasoning} ms={message.thinkingMs} isWritten={isWritten && text === ''} />}
      {text && <Markdown text={text} isWritten={isWritten} />}
      {message.toolCalls?.map((call, i) => <Call key={i} call={call} isWritten={isWritten} />)}
      {isWritten && <Waiting id={message.id} isEmpty={!reasoning && !text} />}
      {!isWritten && isLast && message.state === 'done' && message.toolCalls?.length ? <ResultForm message={message} /> : null}
      {!isWritten && <Ending message={message} canContinue={canContinue} isEmpty={!text && !message.toolCalls?.length} />}
      {!isWritten && (
        <div class="actions">
          <Branches {...props} />
          {text && <CopyButton text={text} />}
          <IconButton icon="redo" label="Regenerate" class="regenerate" onClick={() => regenerate(message)} />
          {canContinue && <IconButton icon="continue" label="Continue" class="continue" onClick={() => continueAnswer(message)} />}
          <DeleteButton message={message} />
          <Figures message={message} />
        </div>
      )}
    </article>
  );
}

/** Why an answer ended, if not by itself. */
function Ending({ message, canContinue, isEmpty }: { message: Message; canContinue: boolean; isEmpty: boolean }) {
  const { problem } = message;
  const seconds = useSecondsUntil(problem?.retryAt);
  if (problem) {
    return (
      <Notice problem={problem}>
        {problem.kind === 'key' && <button type="button" class="button primary" onClick={() => askForKey(message)}>Enter a key</button>}
        {canContinue && <button type="button" class="button" onClick={() => continueAnswer(message)}>Continue</button>}
        <button type="button" class="button retry" disabled={seconds > 0} onClick={() => retry(message)}>
          {seconds > 0 ? `Try again in ${seconds} s` : 'Try again'}
        </button>
      </Notice>
    );
  }
  if (message.state === 'stopped') return <p class="quiet ending">{isEmpty ? 'Stopped before the first word.' : 'Stopped.'}</p>;
  if (message.finish === 'length') return <p class="quiet ending">The answer reached its longest length.</p>;
  if (message.state === 'cut' || message.state === 'running') return <p class="quiet ending">The answer was interrupted.</p>;
  return isEmpty ? <p class="quiet ending">The model answered nothing.</p> : null;
}

/** What happens before the first word, and the speed after it. */
function Waiting({ id, isEmpty }: { id: string; isEmpty: boolean }) {
  const state = useStore(progress, (map) => map.get(id));
  if (!state) return null;
  const share = state.promptShare;
  const text = state.phase === 'reading' && share > 0 && share < 1 ? `Reading the prompt: ${Math.round(share * 100)} %`
    : state.tokensPerSecond !== null ? `${state.tokensPerSecond.toFixed(1)} tokens/s` : '';
  return <p class="waiting" data-phase={state.phase}>{isEmpty && <span class="dots"><i /><i /><i /></span>}<span class="quiet">{text}</span></p>;
}

function Branches({ number, count, previous, next }: Props) {
  if (count < 2) return null;
  return (
    <span class="branches" role="group" aria-label="Branches">
      <IconButton icon="left" label="Previous branch" disabled={!previous} onClick={() => showBranch(previous!)} />
      <span aria-label={`Branch ${number} of ${count}`} role="img">{number}/{count}</span>
      <IconButton icon="right" label="Next branch" disabled={!next} onClick={() => showBranch(next!)} />
    </span>
  );
}

function CopyButton({ text }: { text: string }) {
  const [isDone, setDone] = useState(false);
  const copy = () => void copyText(text).then(() => {
    setDone(true);
    setTimeout(() => setDone(false), 1500);
  });
  return <IconButton icon={isDone ? 'check' : 'copy'} label={isDone ? 'Copied' : 'Copy'} class="copy" onClick={copy} />;
}

function DeleteButton({ message }: { message: Message }) {
  const [asks, setAsks] = useState(false);
  return (
    <>
      <IconButton icon="delete" label="Delete" onClick={() => setAsks(true)} />
      {asks && <Confirm title="Delete the message?" text="What follows it in this branch is deleted, too." action="Delete"
        onConfirm={() => remove(message)} onClose={() => setAsks(false)} />}
    </>
  );
}

function remove(message: Message): void {
  const below = subtree(chats.get().messages, message.id);
  for (const id of below) if (isRunning(id)) stop(id);
  deleteMessage(message);
}

function Figures({ message }: { message: Message }) {
  const { usage } = message;
  if (!usage) return null;
  const parts = [
    usage.answerTokens !== undefined && `${usage.answerTokens} tokens`,
    usage.tokensPerSecond !== undefined && `${usage.tokensPerSecond.toFixed(1)} tokens/s`,
  ].filter(Boolean);
  const more = [
    message.model,
    usage.promptTokens !== undefined && `prompt of ${usage.promptTokens} tokens${usage.cachedTokens ? `, ${usage.cachedTokens} of them cached` : ''}`,
    usage.firstTokenMs !== undefined && `first token after ${Math.round(usage.firstTokenMs)} ms`,
  ].filter(Boolean);
  return <span class="figures quiet" title={more.join('\n')}>{parts.join(' · ')}</span>;
}

export const size = (characters: number): string => characters < 1000 ? `${characters} characters` : `${(characters / 1000).toFixed(1)} k characters`;
