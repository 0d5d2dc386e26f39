import { memo } from './memo';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { MarkdownView } from '../markdown/view';
import { copyText } from './clipboard';

/** A text in Markdown. */
export const Markdown = memo(function Markdown({ text, isWritten }: { text: string; isWritten: boolean }) {
  const host = useRef<HTMLDivElement>(null), view = useRef<MarkdownView | undefined>(undefined);
  useLayoutEffect(() => {
    view.current ??= new MarkdownView(host.current!);
    view.current.update(text, isWritten);
  }, [text, isWritten]);
  return <div ref={host} class="markdown" onClick={copyCode} />;
});

function copyCode(event: MouseEvent): void {
  const button = (event.target as Element).closest<HTMLButtonElement>('.copy-code');
  const code = button?.closest('figure')?.querySelector('code');
  if (!button || !code) return;
  void copyText(code.textContent ?? '').then(() => {
    button.textContent = 'Copied';
    setTimeout(() => {
      button.textContent = 'Copy';
    }, 1500);
  });
}
