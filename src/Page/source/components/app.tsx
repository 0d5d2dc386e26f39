import { useEffect, useState } from 'preact/hooks';
import { refresh, server } from '../api/server';
import { announcement } from '../session/announce';
import { stop } from '../session/answering';
import { chats, deleteConversations, running } from '../stores/chats';
import { settings } from '../stores/settings';
import { useStore } from '../stores/store';
import { deletionAsked, newConversation, settingsOpen, toggleSidebar } from './actions';
import { addFiles, Composer } from './composer';
import { ConversationView } from './conversation';
import { Confirm } from './dialog';
import { Icon, IconButton } from './icon';
import { askForKey, KeyDialog, keyAsked } from './key';
import { ModelPicker } from './models';
import { isNarrow } from './narrow';
import { Notice } from './notice';
import { SettingsDialog } from './settings';
import { Sidebar } from './sidebar';

export function App() {
  const hasSidebar = useStore(settings, (value) => value.sidebar);
  const [isDropping, setDropping] = useState(false);
  const drag = (event: DragEvent) => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    setDropping(event.type === 'dragover');
    if (event.type === 'drop') void addFiles([...event.dataTransfer.files]);
  };
  return (
    <div class={`frame${hasSidebar ? ' with-sidebar' : ''}`} onDragOver={drag} onDrop={drag} onDragLeave={() => setDropping(false)}>
      <a class="skip" href="#message" onClick={(event) => { event.preventDefault(); document.getElementById('message')?.focus(); }}>To the message field</a>
      {hasSidebar && <Sidebar />}
      {hasSidebar && <div class="veil" onClick={toggleSidebar} />}
      <div class="main">
        <Header />
        <main><ConversationView /></main>
        <footer class="bottom">
          <ServerNotice />
          <Composer />
        </footer>
      </div>
      {isDropping && <div class="drop">Drop text files here</div>}
      <Dialogs />
      <Live />
    </div>
  );
}

function Header() {
  const hasSidebar = useStore(settings, (value) => value.sidebar);
  const title = useStore(chats, (value) => value.conversations.find((item) => item.id === value.current)?.title ?? '');
  useEffect(() => {
    document.title = title ? `${title} – ArchGen` : 'ArchGen';
  }, [title]);
  return (
    <header class="top">
      {!hasSidebar && <IconButton icon="menu" label="Show the list" keys="Control+B" onClick={toggleSidebar} />}
      <ModelPicker />
      <span class="title">{title}</span>
      <IconButton icon="new" label="New conversation" class="new-top" onClick={newConversation} />
    </header>
  );
}

function ServerNotice() {
  const problem = useStore(server, (value) => value.problem);
  const storageProblem = useStore(chats, (value) => value.storageProblem);
  return (
    <>
      {problem && (
        <Notice problem={problem}>
          {problem.kind === 'key' && <button type="button" class="button primary" onClick={() => askForKey(null)}>Enter a key</button>}
          <button type="button" class="button" onClick={() => void refresh()}>Try again</button>
        </Notice>
      )}
      {storageProblem && <p class="quiet storage"><Icon name="warning" />{storageProblem}</p>}
    </>
  );
}

function Dialogs() {
  const isOpen = useStore(settingsOpen, (value) => value), key = useStore(keyAsked, (value) => value), deleted = useStore(deletionAsked, (value) => value);
  return (
    <>
      {isOpen && <SettingsDialog />}
      {key && <KeyDialog failed={key.failed} />}
      {deleted && <Deletion ids={deleted} />}
    </>
  );
}

function Deletion({ ids }: { ids: string[] }) {
  const only = chats.get().conversations.find((item) => item.id === ids[0])?.title ?? '';
  const close = () => deletionAsked.set(null);
  const remove = () => {
    for (const message of running()) if (ids.includes(message.conversation)) stop(message.id);
    void deleteConversations(ids);
  };
  return ids.length === 1
    ? <Confirm title="Delete the conversation?" text={`“${only}” is deleted from this browser.`} action="Delete" onConfirm={remove} onClose={close} />
    : <Confirm title="Delete all conversations?" text="They cannot be brought back. Export them first if you want to keep them." action="Delete all"
      onConfirm={remove} onClose={close} />;
}

/** What a screen reader says without a change of the focus. */
const Live = () => <div class="off-screen" role="status" aria-live="polite">{useStore(announcement, (value) => value)}</div>;

/** On a phone the list is hidden until it is asked for. */
export function hideSidebarOnPhones(): void {
  if (isNarrow()) settings.change({ sidebar: false });
}
