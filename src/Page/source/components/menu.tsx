import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Icon, type IconName } from './icon';

export interface MenuItem {
  icon: IconName;
  label: string;
  onSelect: () => void;
}

/** A button that opens a list of actions. Arrow keys move in it, Escape closes it. */
export function Menu({ label, items }: { label: string; items: MenuItem[] }) {
  const [place, setPlace] = useState<{ top: number; left: number } | null>(null);
  const button = useRef<HTMLButtonElement>(null), list = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (!place) return;
    list.current!.querySelector('button')!.focus();
    const close = (event: Event) => {
      if (!list.current?.contains(event.target as Node)) setPlace(null);
    };
    document.addEventListener('mousedown', close);
    document.addEventListener('scroll', close, true);
    return () => {
      document.removeEventListener('mousedown', close);
      document.removeEventListener('scroll', close, true);
    };
  }, [place]);
  const open = () => {
    const { bottom, right } = button.current!.getBoundingClientRect();
    const height = items.length * 36 + 12;
    setPlace({ top: bottom + height > innerHeight ? bottom - height - 32 : bottom + 4, left: Math.max(8, right - 168) });
  };
  const move = (event: KeyboardEvent) => {
    const buttons = [...list.current!.querySelectorAll('button')];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const steps: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 };
    if (event.key in steps) {
      event.preventDefault();
      buttons.at(steps[event.key]! % buttons.length)!.focus();
    } else if (event.key === 'Escape' || event.key === 'Tab') {
      event.preventDefault();
      event.stopPropagation();
      setPlace(null);
      button.current!.focus();
    }
  };
  return (
    <>
      <button ref={button} type="button" class="icon-button" aria-label={label} aria-haspopup="menu" aria-expanded={place !== null}
        onClick={() => place ? setPlace(null) : open()}>
        <Icon name="more" />
      </button>
      {place && (
        <div ref={list} class="menu" role="menu" aria-label={label} style={{ top: `${place.top}px`, left: `${place.left}px` }} onKeyDown={move}>
          {items.map((item) => (
            <button type="button" role="menuitem" tabIndex={-1} key={item.label} onClick={() => { setPlace(null); button.current!.focus(); item.onSelect(); }}>
              <Icon name={item.icon} />{item.label}
            </button>
          ))}
        </div>
      )}
    </>
  );
}
