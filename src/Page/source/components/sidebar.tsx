import { useEffect, useState } from 'preact/hooks';
import { isRunning } from '../session/answering';
import type { Conversation } from '../data/types';
import { changeConversation, chats, exported, search, show } from '../stores/chats';
import { settings, type Theme } from '../stores/settings';
import { useStore } from '../stores/store';
import { download } from './clipboard';
import { Icon, IconButton, type IconName } from './icon';
import { Menu } from './menu';
import { isNarrow } from './narrow';
import { deletionAsked, newConversation, openSettings, toggleSidebar } from './actions';

/** The list of conversations. */
export function Sidebar() {
  const conversations = useStore(chats, (value) => value.conversations);
  const [text, setText] = useState('');
  const found = useSearch(text, conversations);
  const shown = found ? conversations.filter((item) => found.has(item.id)) : conversations;
  return (
    <nav class="sidebar" aria-label="Conversations">
      <div class="brand"><Icon name="arch" /><span>ArchGen</span><IconButton icon="menu" label="Hide the list" onClick={toggleSidebar} /></div>
      <button type="button" class="new" title="Ctrl+Shift+O" aria-keyshortcuts="Control+Shift+O" onClick={newConversation}>
        <Icon name="new" />New conversation
      </button>
      <label class="search">
        <Icon name="search" />
        <input id="search" type="search" placeholder="Search" aria-label="Search the conversations" aria-keyshortcuts="Control+K" value={text}
          onInput={(event) => setText(event.currentTarget.value)} />
      </label>
      <div class="list">
        {groups(shown).map(([name, items]) => (
          <section key={name}>
            <h2>{name}</h2>
            <ul>{items.map((item) => <Item key={item.id} conversation={item} />)}</ul>
          </section>
        ))}
        {shown.length === 0 && <p class="quiet none">{text ? 'Nothing was found.' : 'No conversations yet.'}</p>}
      </div>
      <div class="foot">
        <button type="button" class="plain" onClick={openSettings} title="Ctrl+," aria-keyshortcuts="Control+,"><Icon name="settings" />Settings</button>
        <ThemeButton />
      </div>
    </nav>
  );
}

function Item({ conversation }: { conversation: Conversation }) {
  const isCurrent = useStore(chats, (value) => value.current === conversation.id);
  const [isNaming, setNaming] = useState(false);
  const { id, title } = conversation;
  const name = (text: string) => {
    setNaming(false);
    if (text.trim() !== '') changeConversation(id, { title: text.trim(), named: true });
  };
  if (isNaming) {
    return (
      <li>
        <input class="naming" aria-label="Name of the conversation" defaultValue={title} ref={(input) => input?.focus()}
          onBlur={(event) => name(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') event.currentTarget.blur();
            if (event.key === 'Escape') {
              event.currentTarget.value = title;
              event.currentTarget.blur();
            }
          }} />
      </li>
    );
  }
  return (
    <li class={isCurrent ? 'current' : ''}>
      <button type="button" class="open" aria-current={isCurrent ? 'page' : undefined} title={title} onClick={() => {
        void show(id);
        if (isNarrow()) toggleSidebar();
      }}>
        {conversation.leaf && isRunning(conversation.leaf) && <span class="light loading" />}{title}
      </button>
      <Menu label={`Actions for ${title}`} items={[
        { icon: 'edit', label: 'Rename', onSelect: () => setNaming(true) },
        { icon: 'export', label: 'Export', onSelect: () => void exported([id]).then((json) => download(fileName(title), json)) },
        { icon: 'delete', label: 'Delete', onSelect: () => deletionAsked.set([id]) },
      ]} />
    </li>
  );
}

const fileName = (title: string): string => `${title.replace(/[^\p{L}\p{N}]+/gu, '-')}.json`;

function useSearch(text: string, conversations: Conversation[]): Set<string> | null {
  const [found, setFound] = useState<Set<string> | null>(null);
  useEffect(() => {
    if (text.trim() === '') {
      setFound(null);
      return;
    }
    let isCurrent = true;
    const timer = setTimeout(() => void search(text.trim()).then((ids) => isCurrent && setFound(ids)), 120);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [text, conversations.length]);
  return found;
}

function groups(conversations: Conversation[]): [string, Conversation[]][] {
  const midnight = new Date().setHours(0, 0, 0, 0), day = 86_400_000;
  const names: [string, number][] = [['Today', midnight], ['Yesterday', midnight - day], ['Last week', midnight - 7 * day], ['Earlier', -Infinity]];
  const lists = names.map(([name]): [string, Conversation[]] => [name, []]);
  for (const item of conversations) lists[names.findIndex(([, from]) => item.changed >= from)]![1].push(item);
  return lists.filter(([, items]) => items.length > 0);
}

function ThemeButton() {
  const theme = useStore(settings, (value) => value.theme);
  const order: Theme[] = ['system', 'light', 'dark'];
  const icons: Record<Theme, IconName> = { system: 'system', light: 'sun', dark: 'moon' };
  const names: Record<Theme, string> = { system: 'as the system', light: 'light', dark: 'dark' };
  return <IconButton icon={icons[theme]} label={`Colours: ${names[theme]}`} class="theme"
    onClick={() => settings.change({ theme: order[(order.indexOf(theme) + 1) % 3]! })} />;
}
