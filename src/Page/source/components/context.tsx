import { currentModel, server } from '../api/server';
import { chats, currentPath } from '../stores/chats';
import { settings } from '../stores/settings';
import { useStore } from '../stores/store';

/** How many tokens of the context the conversation has used. */
export function ContextMeter() {
  const used = useStore(chats, (value) => {
    const usage = currentPath(value).findLast((message) => message.usage?.promptTokens !== undefined)?.usage;
    return usage ? usage.promptTokens! + (usage.answerTokens ?? 0) : 0;
  });
  useStore(settings, (value) => value.model);
  const ofServer = useStore(server, (value) => value.contextTokens);
  const all = currentModel()?.contextTokens ?? ofServer;
  if (used === 0) return <span class="context" />;
  const format = (count: number) => count.toLocaleString('en');
  if (!all) return <span class="context quiet">{format(used)} tokens</span>;
  const share = Math.min(1, used / all);
  return (
    <span class={`context quiet${share > 0.85 ? ' full' : ''}`} title={`${format(Math.max(0, all - used))} tokens are left`}>
      <meter min={0} max={1} high={0.85} value={share} aria-label="Used share of the context" />
      {format(used)} of {format(all)} tokens
    </span>
  );
}
