/** Which rendition a device asks for. Pure. */

/** What a browser says of its network (Network Information API); all of it may be missing. */
export interface Network {
  readonly saveData?: boolean;
  readonly effectiveType?: string;
}

/** Networks on which more than 64 kbit/s would stall. */
const SLOW = new Set(["slow-2g", "2g", "3g"]);

/** Parts of the time in which a segment sounds that it may take to arrive: more is too narrow for good quality; the small
 * one must come in much less before the good one, twice its size, is asked for again. */
const NARROW = 0.5;
const WIDE = 0.15;

/** The rendition for a setting: who lets the network decide hears good quality, and the small one where data is dear. */
export function renditionFor(quality: string, network: Network, narrow = false): string {
  if (quality !== "auto") return quality;
  return narrow || network.saveData || SLOW.has(network.effectiveType ?? "") ? "aac-64" : "aac-128";
}

/** Whether a network is narrow, by how it was thought of before and by what part of its own time a segment of that
 * rendition took to arrive. Firefox and Safari say nothing of their network: this is measured everywhere. */
export const isNarrow = (before: boolean, part: number): boolean => part > (before ? WIDE : NARROW);
