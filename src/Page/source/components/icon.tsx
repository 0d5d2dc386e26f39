// Pictures of 24 by 24, drawn with lines.
const paths = {
  arch: 'M4 20v-7a8 8 0 0 1 16 0v7M9 20v-6.5a3 3 0 0 1 6 0V20',
  attach: 'M20 11.5 12 19.4a5 5 0 0 1-7-7l8-8a3.300 3.300 0 0 1 4.700 4.700l-8 8a1.700 1.700 0 0 1-2.400-2.400l7.300-7.300',
  check: 'm5 12.500 4.500 4.500L19 7.500',
  close: 'M6 6l12 12M18 6 6 18',
  continue: 'M5 5v14M9.500 6.500v11l9-5.500z',
  copy: 'M9 9h10.500v10.500H9zM5.500 15H4.500V4.500H15v1',
  delete: 'M4.500 7h15M10 4h4M6.500 7l1 13h9l1-13M10 11v5.500M14 11v5.500',
  down: 'M12 5v14M6 13l6 6 6-6',
  edit: 'M4 20l1-4.500L16.500 4 20 7.500 8.500 19z M14 6.500l3.500 3.500',
  export: 'M12 15V4M8 7.500 12 3.500l4 4M5 14v6h14v-6',
  file: 'M6 3.500h8l4 4v13H6zM14 3.500v4h4M9 12h6M9 16h6',
  import: 'M12 4v11M8 11.500l4 4 4-4M5 14v6h14v-6',
  left: 'm14 6-6 6 6 6',
  menu: 'M4 7h16M4 12h16M4 17h10',
  moon: 'M19.500 14.500A8 8 0 0 1 9.500 4.500a8 8 0 1 0 10 10z',
  more: 'M5.500 12h.01M12 12h.01M18.500 12h.01',
  new: 'M12 5v14M5 12h14',
  redo: 'M19.500 5.500v5h-5M19 10.500a7.500 7.500 0 1 0 .5 4',
  right: 'm10 6 6 6-6 6',
  search: 'M10.500 4a6.500 6.500 0 1 1 0 13 6.500 6.500 0 0 1 0-13zM15.500 15.500 20 20',
  send: 'M12 19V5M6 11l6-6 6 6',
  settings: 'M4 7h9M17 7h3M4 17h3M11 17h9M15 4.700v4.600M9 14.700v4.600',
  stop: 'M7 7h10v10H7z',
  sun: 'M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM12 3v1.500M12 19.500V21M3 12h1.500M19.500 12H21M5.600 5.600l1 1M17.400'
    + ' 17.400l1 1M18.400 5.600l-1 1M6.600 17.400l-1 1',
  system: 'M4 5h16v11H4zM9 20h6M12 16v4',
  tool: 'M20.500 7.500a4.500 4.500 0 0 1-6.200 4.200l-7.600 7.600a1.700 1.700 0 0 1-2.400-2.400l7.600-7.600a4.500'
    + ' 4.500 0 0 1 5.600-6l-2.700 2.700.6 2.100 2.100.6 2.700-2.700c.2.500.3 1 .3 1.500z',
  warning: 'M12 4 2.800 20h18.400zM12 10v4.500M12 17.500h.01',
} as const;

export type IconName = keyof typeof paths;

export const Icon = ({ name }: { name: IconName }) => (
  <svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d={paths[name]} /></svg>
);

interface IconButtonProps {
  icon: IconName;
  label: string;
  onClick: () => void;
  disabled?: boolean;
  class?: string;
  keys?: string;
}

/** A button that shows a picture and says what it does. */
export const IconButton = ({ icon, label, onClick, disabled, class: extra, keys }: IconButtonProps) => (
  <button type="button" class={`icon-button ${extra ?? ''}`} aria-label={label} title={keys ? `${label} (${keys})` : label}
    aria-keyshortcuts={keys} disabled={disabled} onClick={onClick}>
    <Icon name={icon} />
  </button>
);
