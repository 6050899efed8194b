/** Measures what this device holds: music in memory, and anything in the stores that a page could have filled. */

export interface Held {
  /** seconds of sound in the media buffer */
  readonly seconds: number;
  /** bytes of music in Cache API, IndexedDB and this site's private files */
  readonly stored: number;
}

/** The seconds that ranges cover together. */
export function secondsIn(ranges: readonly (readonly [number, number])[]): number {
  return ranges.reduce((sum, [from, until]) => sum + until - from, 0);
}

/** Bytes in every store that could keep music. The browser's own estimate counts when it says more than what is found:
 * it rounds and pads, so only what the stores themselves show makes it count at all. */
export async function storedBytes(): Promise<number> {
  const [cached, indexed, files] = await Promise.all([cachedBytes(), indexedCount(), fileBytes()]);
  if (cached === 0 && indexed === 0 && files === 0) return 0;
  const usage = (await navigator.storage?.estimate?.().catch(() => null))?.usage ?? 0;
  return Math.max(usage, cached + files, 1);
}

async function cachedBytes(): Promise<number> {
  if (!("caches" in globalThis)) return 0;
  let bytes = 0;
  for (const name of await caches.keys().catch(() => [])) {
    const cache = await caches.open(name);
    for (const response of await cache.matchAll()) bytes += (await response.blob()).size;
  }
  return bytes;
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
