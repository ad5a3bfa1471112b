/** Which event a key of the replay goes to. */

/** The number of events that are played then; null: the replay ends. */
export function stepTo(key: string, at: number, count: number): number | null {
  const to = (next: number): number => Math.max(0, Math.min(count, next));
  switch (key) {
    case 'q':
    case 'C-c':
    case 'escape':
      return null;
    case 'right':
    case 'down':
    case 'space':
      return to(at + 1);
    case 'left':
    case 'up':
      return to(at - 1);
    case 'pagedown':
      return to(at + 100);
    case 'pageup':
      return to(at - 100);
    case 'home':
      return 0;
    case 'end':
      return count;
    default:
      return at;
  }
}
