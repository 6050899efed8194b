/** Loads strategies by the name an edge gives. */
import type { Strategy } from "./contract";

export const known: Readonly<Record<string, () => Promise<{ strategy: Strategy }>>> = {
  ladder: () => import("./ladder"),
  braid: () => import("./braid"),
  tide: () => import("./tide"),
};

/** A chunk that does not come is asked for again after so long. */
const RETRIES_MS = [300, 1_500, 6_000];

/** The strategy of that name. Rejects when this player is older than the edge: a reload brings the newer one. */
export async function load(name: string): Promise<Strategy> {
  const loader = Object.hasOwn(known, name) ? known[name] : undefined;
  if (!loader) throw new Error(`this page does not know the delivery strategy "${name}"; load it again`);
  for (const waitMs of RETRIES_MS) {
    try {
      return (await loader()).strategy;
    } catch {
      await new Promise((done) => setTimeout(done, waitMs));
    }
  }
  return (await loader()).strategy;
}

/** Load them all while nothing else is to do, so that neither a first play nor an epoch's turn waits for one. */
export function warm(): void {
  for (const loader of Object.values(known)) void loader().catch(() => undefined);
  if (!globalThis.crypto?.subtle) void import("./insecure").catch(() => undefined);
}
