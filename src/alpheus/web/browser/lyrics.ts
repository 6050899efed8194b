/** Which line of the lyrics is being sung. Pure. */
import type { LyricLine } from "./wire";

/** The index of the last line that has begun at `atMs`, or -1 before the first; lines without a time are passed over. */
export function lineAt(lines: readonly LyricLine[], atMs: number): number {
  let found = -1;
  for (const [index, line] of lines.entries()) {
    if (line.start_ms === null) continue;
    if (line.start_ms > atMs) break;
    found = index;
  }
  return found;
}

/** Whether lines can be followed and sought: at least one has a time. */
export const isSynced = (lines: readonly LyricLine[]): boolean => lines.some((line) => line.start_ms !== null);
