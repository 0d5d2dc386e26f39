/** Whether the page is as narrow as a phone. */
export const isNarrow = (): boolean => matchMedia('(max-width: 760px)').matches;
