import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { siblings } from '../data/tree';
import { chats, currentPath } from '../stores/chats';
import { useStore } from '../stores/store';
import { currentModel, server } from '../api/server';
import { settings } from '../stores/settings';
import { Icon, IconButton } from './icon';
import { MessageView } from './message';

/** The messages of the branch that is shown. It follows the end of an answer until the reader scrolls up. */
export function ConversationView() {
  const value = useStore(chats, (all) => all);
  const path = useMemo(() => currentPath(value), [value.conversations, value.current, value.messages]);
  const scroller = useRef<HTMLDivElement>(null), content = useRef<HTMLDivElement>(null);
  const [isAway, follow] = useFollowing(scroller, content, value.current, path.findLast((message) => message.role === 'user')?.id);
  return (
    <div class="scroller" ref={scroller} tabIndex={-1}>
      <div class="content" ref={content}>
        {path.length === 0 && value.isReady && <Welcome />}
        {path.map((message, i) => {
          const all = siblings(value.messages, message);
          const at = all.indexOf(message);
          return <MessageView key={message.id} message={message} isLast={i === path.length - 1} number={at + 1} count={all.length}
            previous={all[at - 1]} next={all[at + 1]} />;
        })}
      </div>
      {isAway && <IconButton icon="down" label="To the end" class="to-end" onClick={follow} />}
    </div>
  );
}

function useFollowing(
  scroller: { current: HTMLDivElement | null }, content: { current: HTMLDivElement | null }, conversation: string | null, question: string | undefined,
): [boolean, () => void] {
  const follows = useRef(true);
  const [isAway, setAway] = useState(false);
  const toEnd = () => {
    const element = scroller.current!;
    follows.current = true;
    element.scrollTop = element.scrollHeight;
    setAway(false);
  };
  // A conversation that is opened, or a question that is asked, is shown from its end.
  useLayoutEffect(toEnd, [conversation, question]);
  useLayoutEffect(() => {
    const element = scroller.current!;
    let top = element.scrollTop;
    const onScroll = () => {
      const isAtEnd = element.scrollHeight - element.scrollTop - element.clientHeight < 48;
      // Growth does not scroll: only who scrolls up leaves the end.
      if (element.scrollTop < top - 2 && !isAtEnd) follows.current = false;
      if (isAtEnd) follows.current = true;
      top = element.scrollTop;
      setAway(!isAtEnd && !follows.current);
    };
    const observer = new ResizeObserver(() => {
      if (follows.current) element.scrollTop = element.scrollHeight;
      top = element.scrollTop;
    });
    observer.observe(content.current!);
    observer.observe(element);
    element.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', onScroll);
    };
  }, []);
  return [isAway, toEnd];
}

function Welcome() {
  useStore(server, (value) => value.models);
  useStore(settings, (value) => value.model);
  const model = currentModel();
  return (
    <div class="welcome">
      <Icon name="arch" />
      <h1>What would you like to know?</h1>
      <p class="quiet">{model ? <>You talk to <strong>{model.id}</strong>. </> : null}Conversations are kept in this browser only.</p>
    </div>
  );
}
