/** Measures what this device holds: music in memory, and anything in the stores that a page could have filled. */

import { isShelved, OFFLINE, SHELF, SIZE } from "./shelf";

/** The seconds that ranges cover together. */
export function secondsIn(ranges: readonly (readonly [number, number])[]): number {
  return ranges.reduce((sum, [from, until]) => sum + until - from, 0);
}

export interface Stored {
  /** bytes in any store that could be music: all but what is known to be none */
  readonly music: number;
  /** bytes of the app's own files and pictures, on the service worker's shelf */
  readonly shelf: number;
}

/** Bytes in every store. The browser's own estimate counts when it says more than what is found: it rounds and pads, so
 * only what the stores themselves show makes it count at all. */
export async function storedBytes(): Promise<Stored> {
  const [{ music, shelf }, indexed, files] = await Promise.all([cachedBytes(), indexedCount(), fileBytes()]);
  if (music === 0 && indexed === 0 && files === 0) return { music: 0, shelf };
  const usage = (await navigator.storage?.estimate?.().catch(() => null))?.usage ?? 0;
  return { music: Math.max(usage - shelf, music + files, 1), shelf };
}

/** What caches hold: on the shelf by the list of what may be there, whoever put it there; all else could be music. */
async function cachedBytes(): Promise<Stored> {
  const sum = { music: 0, shelf: 0 };
  if (!("caches" in globalThis)) return sum;
  for (const name of await caches.keys().catch(() => [])) {
    const cache = await caches.open(name);
    const [requests, responses] = await Promise.all([cache.keys(), cache.matchAll()]);
    for (const [place, response] of responses.entries()) {
      const url = new URL(requests[place]?.url ?? "", location.href);
      const isOurs = name.startsWith(SHELF) && (isShelved(url, location.origin) || url.pathname === OFFLINE);
      if (isOurs) sum.shelf += Number(response.headers.get(SIZE) ?? 0);
      else sum.music += (await response.blob()).size;
    }
  }
  return sum;
}

async function indexedCount(): Promise<number> {
  return (await globalThis.indexedDB?.databases?.().catch(() => []))?.length ?? 0;
}

interface Folder {
  values?: () => AsyncIterable<{ kind: string; getFile?: () => Promise<File> }>;
}

async function fileBytes(): Promise<number> {
  try {
    let bytes = 0;
    const folder = (await navigator.storage.getDirectory()) as unknown as Folder;
    for await (const entry of folder.values?.() ?? []) bytes += entry.getFile ? (await entry.getFile()).size : 1;
    return bytes;
  } catch {
    return 0; // No private files on this browser, or none on a plain http page.
  }
}
