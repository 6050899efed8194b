/** What the service worker may keep on this device: the app's own files and pictures, up to 8 MB, oldest out first. Pure.
 *
 * Everything else passes it by: pages, the API, and whatever an edge sends. Music is not on this list, so it is not kept.
 */

/** All that is kept together, counted in bytes of content. */
export const SHELF_BYTES = 8 * 2 ** 20;

/** The page that stands in for pages when there is no network. */
export const OFFLINE = "/offline";

/** Caches of this name belong to the shelf, one for each build. */
export const SHELF = "alpheus-shelf-";

/** Holds an entry's size, so that counting opens nothing. */
export const SIZE = "x-alpheus-bytes";

/** Where all that may be kept lies. */
export const SHELVED_UNDER = ["/static/built/", "/cover/"] as const;

/** Names that hold a digest of their content: the same for ever. Django's hashes have twelve digits, esbuild's eight. */
const FILE = /^\/static\/built\/.*(?:\.[0-9a-f]{12}|-[A-Z0-9]{8})\.(?:js|css|svg|png|woff2)$/;
const COVER = /^\/cover\/[0-9a-f]{64}\/[1-9]\d{0,4}\.(?:avif|webp|jpg)$/;
const TYPE = /^(?:text\/(?:css|html|javascript)|application\/javascript|image\/|font\/)/;

export interface Kept {
  readonly address: string;
  readonly bytes: number;
}

/** Whether an address is one that may be kept. */
export const isShelved = (url: URL, origin: string): boolean =>
  url.origin === origin && url.search === "" && (FILE.test(url.pathname) || COVER.test(url.pathname));

/** Whether what came from there may be kept. */
export const mayKeep = (status: number, type: string): boolean => status === 200 && TYPE.test(type);

/** Which must go so that `bytes` more fit, `kept` being in the order they came; null when they never fit.
 * What the page without network needs stays. */
export function leaving(kept: readonly Kept[], bytes: number, pinned: ReadonlySet<string>, most = SHELF_BYTES): Kept[] | null {
  let excess = kept.reduce((sum, it) => sum + it.bytes, bytes) - most;
  const gone: Kept[] = [];
  for (const it of kept) {
    if (excess <= 0) break;
    if (pinned.has(it.address)) continue;
    gone.push(it);
    excess -= it.bytes;
  }
  return excess > 0 ? null : gone;
}
