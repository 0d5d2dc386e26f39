import { useRef, useState } from 'preact/hooks';
import { reconnect, server } from '../api/server';
import { changeConversation, chats, currentConversation, exported, imported } from '../stores/chats';
import { withField } from '../stores/sampling';
import { extraProblem, samplingFields, settings, type SamplingField, type Theme } from '../stores/settings';
import { useStore } from '../stores/store';
import { deletionAsked, fieldKeys, settingsOpen, shortcuts } from './actions';
import { download } from './clipboard';
import { Dialog } from './dialog';
import { Icon } from './icon';

export const SettingsDialog = () => (
  <Dialog title="Settings" class="settings" onClose={() => settingsOpen.set(false)}>
    <div class="scrolled" tabIndex={0} role="region" aria-label="Settings">
      <Prompts />
      <Sampling />
      <General />
      <Stored />
      <Keys />
      <p class="quiet"><a href="page/licences.txt" target="_blank" rel="noopener">Licences</a></p>
    </div>
  </Dialog>
);

function Prompts() {
  const system = useStore(settings, (value) => value.system);
  useStore(chats, (value) => value.conversations);
  const conversation = currentConversation();
  return (
    <section>
      <h3>System prompt</h3>
      <label class="field">
        <span>Of all conversations</span>
        <textarea rows={3} value={system} placeholder="Such as: Answer in one paragraph."
          onInput={(event) => settings.change({ system: event.currentTarget.value })} />
      </label>
      {conversation && (
        <label class="field">
          <span>Of this conversation</span>
          <textarea rows={3} value={conversation.system ?? ''} placeholder="As above"
            onChange={(event) => changeConversation(conversation.id, { system: event.currentTarget.value === '' ? undefined : event.currentTarget.value })} />
        </label>
      )}
    </section>
  );
}

function Sampling() {
  const sampling = useStore(settings, (value) => value.sampling);
  const defaults = useStore(server, (value) => value.defaults);
  const extra = useStore(settings, (value) => value.extra);
  const wrong = extraProblem(extra);
  const input = ({ name, min, max, step }: SamplingField) => (
    <input type="number" min={min} max={max} step={step === 1 ? 1 : 'any'} value={sampling[name] ?? ''} placeholder={defaults[name]?.toString() ?? 'Default'}
      onChange={(event) => settings.change({ sampling: withField(settings.get(), name, event.currentTarget.value) })} />
  );
  return (
    <section>
      <h3>Sampling</h3>
      <p class="quiet">An empty field takes the server's default, which is shown in grey.</p>
      <div class="grid">
        {samplingFields.map((field) => (
          <label class="field" key={field.name} title={field.help}><span>{field.label}</span>{input(field)}<small>{field.help}</small></label>
        ))}
      </div>
      <label class="field">
        <span>Further fields of each request, as JSON</span>
        <textarea class="code" rows={2} spellcheck={false} value={extra} placeholder='{"tools": [ … ]}' aria-invalid={wrong !== null}
          onInput={(event) => settings.change({ extra: event.currentTarget.value })} />
        {wrong && <small class="wrong" role="alert">{wrong}</small>}
      </label>
      <button type="button" class="button" onClick={() => settings.change({ sampling: {}, extra: '' })}>Take the server's defaults</button>
    </section>
  );
}

function General() {
  const { theme, key } = useStore(settings, (value) => value);
  return (
    <section>
      <h3>General</h3>
      <div class="grid">
        <label class="field">
          <span>Colours</span>
          <select value={theme} onChange={(event) => settings.change({ theme: event.currentTarget.value as Theme })}>
            <option value="system">As the system</option><option value="light">Light</option><option value="dark">Dark</option>
          </select>
        </label>
        <label class="field">
          <span>Key of the server</span>
          <input type="password" autocomplete="off" value={key} placeholder="None" onChange={(event) => {
            settings.change({ key: event.currentTarget.value.trim() });
            void reconnect();
          }} />
        </label>
      </div>
    </section>
  );
}

function Stored() {
  const conversations = useStore(chats, (value) => value.conversations);
  const [told, setTold] = useState('');
  const picker = useRef<HTMLInputElement>(null);
  const ids = conversations.map((conversation) => conversation.id);
  const read = async (file: File | undefined) => {
    if (!file) return;
    try {
      const count = await imported(await file.text());
      setTold(`${count} ${count === 1 ? 'conversation was' : 'conversations were'} added.`);
    } catch (error) {
      setTold((error as Error).message);
    }
  };
  return (
    <section>
      <h3>Conversations</h3>
      <p class="quiet">They are stored in this browser, not on the server.</p>
      <div class="buttons start">
        <button type="button" class="button" disabled={ids.length === 0}
          onClick={() => void exported(ids).then((json) => download('conversations.json', json))}>
          <Icon name="export" />Export all
        </button>
        <button type="button" class="button" onClick={() => picker.current!.click()}><Icon name="import" />Import</button>
        <button type="button" class="button danger" disabled={ids.length === 0} onClick={() => deletionAsked.set(ids)}><Icon name="delete" />Delete all</button>
        <input ref={picker} type="file" accept="application/json,.json" hidden aria-label="File of conversations" onChange={(event) => {
          void read(event.currentTarget.files?.[0]);
          event.currentTarget.value = '';
        }} />
      </div>
      <p role="status" class="quiet">{told}</p>
    </section>
  );
}

const Keys = () => (
  <section>
    <h3>Keys</h3>
    <dl class="keys">
      {[...fieldKeys, ...shortcuts].map(({ keys, does }) => (
        <div key={keys}><dt>{keys.split('+').map((key) => <kbd key={key}>{key}</kbd>)}</dt><dd>{does}</dd></div>
      ))}
    </dl>
  </section>
);
