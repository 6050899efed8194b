/** Which rendition a device asks for. Pure. */

/** What a browser says of its network (Network Information API); all of it may be missing. */
export interface Network {
  readonly saveData?: boolean;
  readonly effectiveType?: string;
}

/** Networks on which more than 64 kbit/s would stall. */
const SLOW = new Set(["slow-2g", "2g", "3g"]);

/** The rendition for a setting: who lets the network decide hears good quality, and the small one where data is dear. */
export function renditionFor(quality: string, network: Network): string {
  if (quality !== "auto") return quality;
  return network.saveData || SLOW.has(network.effectiveType ?? "") ? "aac-64" : "aac-128";
}
