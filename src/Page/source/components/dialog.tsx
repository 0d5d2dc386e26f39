import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { IconButton } from './icon';

interface DialogProps {
  title: string;
  onClose: () => void;
  class?: string;
  children: ComponentChildren;
}

/** A window above the page. Escape and a click beside it close it; the focus goes back to where it was. */
export function Dialog({ title, onClose, class: extra, children }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const before = document.activeElement;
    element.current!.showModal();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog ref={element} class={extra} aria-label={title} onClose={onClose}
      onMouseDown={(event) => event.target === element.current && element.current!.close()}>
      <div class="dialog">
        <header>
          <h2>{title}</h2>
          <IconButton icon="close" label="Close" onClick={() => element.current!.close()} />
        </header>
        {children}
      </div>
    </dialog>
  );
}

interface ConfirmProps {
  title: string;
  text: string;
  action: string;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks before something is lost. */
export const Confirm = ({ title, text, action, onConfirm, onClose }: ConfirmProps) => (
  <Dialog title={title} onClose={onClose} class="small">
    <p>{text}</p>
    <div class="buttons">
      <button type="button" class="button" onClick={onClose}>Cancel</button>
      <button type="button" class="button danger" autofocus onClick={() => { onConfirm(); onClose(); }}>{action}</button>
    </div>
  </Dialog>
);
