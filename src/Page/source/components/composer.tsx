import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Attachment } from '../data/types';
import { isRunning, send, stopShown } from '../session/answering';
import { chats, currentPath } from '../stores/chats';
import { Store, useStore } from '../stores/store';
import { ContextMeter } from './context';
import { readFiles } from './files';
import { Icon, IconButton } from './icon';
import { isNarrow } from './narrow';

/** A longer text that is pasted becomes a file. */
const longestPaste = 6000;

/** The text and the files of the question that is being written. */
export const draft = new Store<{ text: string; files: Attachment[]; problems: string[] }>({ text: '', files: [], problems: [] });

export async function addFiles(files: Iterable<File>): Promise<void> {
  const { attachments, problems } = await readFiles(files);
  draft.change({ files: [...draft.get().files, ...attachments], problems });
}

export function focusComposer(): void {
  document.querySelector<HTMLTextAreaElement>('#message')?.focus();
}

export function Composer() {
  const { text, files, problems } = useStore(draft, (value) => value);
  const isBusy = useStore(chats, (value) => currentPath(value).some((message) => isRunning(message.id)));
  const area = useRef<HTMLTextAreaElement>(null), picker = useRef<HTMLInputElement>(null);
  const isReady = useStore(chats, (value) => value.isReady);
  const canSend = isReady && !isBusy && (text.trim() !== '' || files.length > 0);
  useLayoutEffect(() => {
    const element = area.current!;
    element.style.height = 'auto';
    element.style.height = `${Math.min(element.scrollHeight, innerHeight * 0.4)}px`;
  }, [text]);
  const submit = () => {
    if (!canSend) return;
    send(text, files);
    draft.set({ text: '', files: [], problems: [] });
  };
  return (
    <form class="composer" onSubmit={(event) => { event.preventDefault(); submit(); }}>
      <Files files={files} problems={problems} />
      <textarea id="message" ref={area} rows={1} value={text} placeholder="Write a message" aria-label="Message" autofocus={!isNarrow()}
        onInput={(event) => draft.change({ text: event.currentTarget.value })} onPaste={paste}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
            event.preventDefault();
            submit();
          } else if (event.key === 'ArrowUp' && text === '') {
            event.preventDefault();
            [...document.querySelectorAll<HTMLButtonElement>('.question .edit')].pop()?.click();
          }
        }} />
      <div class="composer-row">
        <IconButton icon="attach" label="Attach text files" onClick={() => picker.current!.click()} />
        <input ref={picker} type="file" multiple hidden aria-label="Text files" onChange={(event) => {
          void addFiles([...event.currentTarget.files ?? []]);
          event.currentTarget.value = '';
        }} />
        <ContextMeter />
        {isBusy
          ? (
            <button type="button" class="send stop" aria-label="Stop" title="Stop (Escape)" aria-keyshortcuts="Escape" onClick={stopShown}>
              <Icon name="stop" />
            </button>
          )
          : <button class="send" aria-label="Send" title="Send (Enter)" disabled={!canSend}><Icon name="send" /></button>}
      </div>
    </form>
  );
}

function Files({ files, problems }: { files: Attachment[]; problems: string[] }) {
  if (files.length + problems.length === 0) return null;
  const remove = (index: number) => draft.change({ files: draft.get().files.filter((_, i) => i !== index) });
  return (
    <div class="chips">
      {files.map((file, i) => (
        <span class="chip" key={i}>
          <Icon name="file" /><span>{file.name}</span>
          <IconButton icon="close" label={`Remove ${file.name}`} onClick={() => remove(i)} />
        </span>
      ))}
      {problems.map((problem) => <span class="chip wrong" role="alert" key={problem}>{problem}</span>)}
    </div>
  );
}

function paste(event: ClipboardEvent): void {
  const files = [...event.clipboardData?.files ?? []];
  const text = event.clipboardData?.getData('text/plain') ?? '';
  if (files.length > 0 && text === '') {
    event.preventDefault();
    void addFiles(files);
  } else if (text.length > longestPaste) {
    event.preventDefault();
    const { files: before } = draft.get();
    const name = `Pasted text ${before.length + 1}.txt`;
    draft.change({ files: [...before, { name, text }] });
  }
}
