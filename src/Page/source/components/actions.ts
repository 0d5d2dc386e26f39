// What buttons and keys do.
import { chats, show } from '../stores/chats';
import { settings } from '../stores/settings';
import { Store } from '../stores/store';
import { stopShown } from '../session/answering';
import { focusComposer } from './composer';
import { isNarrow } from './narrow';

export const settingsOpen = new Store(false);

export function newConversation(): void {
  void show(null);
  if (isNarrow() && settings.get().sidebar) toggleSidebar();
  focusComposer();
}

export const openSettings = (): void => settingsOpen.set(true);

export const toggleSidebar = (): void => settings.change({ sidebar: !settings.get().sidebar });

export interface Shortcut {
  keys: string;
  does: string;
  matches: (event: KeyboardEvent) => boolean;
  run: () => void;
}

const withControl = (event: KeyboardEvent): boolean => (event.ctrlKey || event.metaKey) && !event.altKey;

export const shortcuts: Shortcut[] = [
  { keys: 'Ctrl+Shift+O', does: 'New conversation', matches: (event) => withControl(event) && event.shiftKey && event.code === 'KeyO', run: newConversation },
  {
    keys: 'Ctrl+K', does: 'Search the conversations', matches: (event) => withControl(event) && !event.shiftKey && event.code === 'KeyK',
    run: () => {
      if (!settings.get().sidebar) toggleSidebar();
      setTimeout(() => document.querySelector<HTMLInputElement>('#search')?.focus());
    },
  },
  { keys: 'Ctrl+B', does: 'Show or hide the list', matches: (event) => withControl(event) && !event.shiftKey && event.code === 'KeyB', run: toggleSidebar },
  { keys: 'Ctrl+,', does: 'Settings', matches: (event) => withControl(event) && event.key === ',', run: openSettings },
  {
    keys: 'Ctrl+Shift+Backspace', does: 'Delete the conversation', matches: (event) => withControl(event) && event.shiftKey && event.key === 'Backspace',
    run: () => {
      const { current } = chats.get();
      if (current) deletionAsked.set([current]);
    },
  },
  { keys: 'Shift+Escape', does: 'To the message field', matches: (event) => event.shiftKey && event.key === 'Escape', run: focusComposer },
  { keys: 'Escape', does: 'Stop the answer', matches: (event) => event.key === 'Escape', run: stopShown },
];

/** Keys of the message field. */
export const fieldKeys = [
  { keys: 'Enter', does: 'Send' }, { keys: 'Shift+Enter', does: 'New line' }, { keys: 'Arrow up', does: 'Edit the last message, in an empty field' },
];

/** The conversations that are about to be deleted. */
export const deletionAsked = new Store<string[] | null>(null);

export function listenToKeys(): void {
  document.addEventListener('keydown', (event) => {
    if (document.querySelector('dialog[open]')) return;
    const shortcut = shortcuts.find((item) => item.matches(event));
    if (!shortcut) return;
    event.preventDefault();
    shortcut.run();
  });
}
