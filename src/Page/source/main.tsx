import { render } from 'preact';
import { refresh } from './api/server';
import { listenToKeys } from './components/actions';
import { App, hideSidebarOnPhones } from './components/app';
import { continueAnswer } from './session/answering';
import { keepDrafts, takeDrafts } from './session/drafts';
import { chats, openChats, show } from './stores/chats';
import { applyTheme, settings } from './stores/settings';

const shownInAddress = (): string | null => location.hash.slice(1) || null;

/** The address names the conversation, so that going back and loading again work. */
function followAddress(): void {
  let shown = chats.get().current;
  chats.subscribe(() => {
    const { current } = chats.get();
    if (current === shown) return;
    shown = current;
    if (current !== shownInAddress()) history.pushState(null, '', current ? `#${current}` : location.pathname + location.search);
  });
  window.addEventListener('popstate', () => void show(shownInAddress()));
}

async function start(): Promise<void> {
  applyTheme(settings.get().theme);
  settings.subscribe(() => applyTheme(settings.get().theme));
  hideSidebarOnPhones();
  listenToKeys();
  keepDrafts();
  render(<App />, document.getElementById('page')!);
  await openChats();
  const left = await takeDrafts();
  // Unless a question was asked meanwhile.
  if (chats.get().current === null) await show(shownInAddress());
  followAddress();
  await refresh();
  for (const message of left) if (message.conversation === chats.get().current) continueAnswer(message);
}

void start();
