/** The service worker: keeps the app's own files and pictures at hand (see shelf.ts), and shows a page of our own when a
 * page cannot be had. Pages always come from the network; what is neither a page nor on the shelf's list passes it by, and
 * where the browser takes routes (Chromium) does not even wake it: music is asked for every few seconds. A worker that is
 * woken so often never ends, and what a browser remembers of each request it was told of, some 14 KiB, stays with it. */
import { isShelved, leaving, mayKeep, OFFLINE, SHELF, SHELVED_UNDER, SIZE, type Kept } from "./shelf";

interface Waiting extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface Fetching extends Waiting {
  readonly request: Request;
  readonly preloadResponse: Promise<Response | undefined>;
  respondWith(answer: Promise<Response>): void;
}

interface Installing extends Waiting {
  /** Service Worker Static Routing */
  addRoutes?(rules: readonly Route[]): Promise<void>;
}

interface Route {
  readonly condition: { readonly urlPattern: { readonly pathname?: string } } | { readonly requestMode: string };
  readonly source: "network" | "fetch-event";
}

interface Scope {
  readonly location: Location;
  readonly registration: ServiceWorkerRegistration;
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(name: "fetch", listener: (event: Fetching) => void): void;
  addEventListener(name: "message", listener: (event: Waiting & MessageEvent) => void): void;
  addEventListener(name: "install", listener: (event: Installing) => void): void;
  addEventListener(name: "activate", listener: (event: Waiting) => void): void;
  /** written before this file by the server: which build this is, and what its page without network needs */
  readonly alpheus: { readonly build: string; readonly pinned: readonly string[] };
}

const scope = self as unknown as Scope;
const name = SHELF + scope.alpheus.build;
const pinned = new Set(scope.alpheus.pinned);

/** The first that fits counts. */
const ROUTES: readonly Route[] = [
  { condition: { requestMode: "navigate" }, source: "fetch-event" },
  ...SHELVED_UNDER.map((folder) => ({ condition: { urlPattern: { pathname: `${folder}*` } }, source: "fetch-event" }) as const),
  { condition: { urlPattern: {} }, source: "network" },
];

scope.addEventListener("install", (event) => {
  // Who cannot do it, or not so, is asked about every request, and lets it pass.
  event.waitUntil(event.addRoutes?.(ROUTES).catch(() => undefined) ?? Promise.resolve());
  event.waitUntil(install());
});
scope.addEventListener("activate", (event) => event.waitUntil(activate()));
scope.addEventListener("message", (event) => {
  const { language } = (event.data ?? {}) as { language?: string };
  if (language) event.waitUntil(speak(language));
});
scope.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== scope.location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(event));
  else if (!request.headers.has("range") && isShelved(url, scope.location.origin)) event.respondWith(shelved(event, url.pathname));
});

async function install(): Promise<void> {
  await caches.open(name);
  for (const address of pinned) await shelve(address, await fetch(address));
  await scope.skipWaiting();
}

async function activate(): Promise<void> {
  for (const other of await caches.keys()) if (other.startsWith(SHELF) && other !== name) await caches.delete(other);
  await scope.registration.navigationPreload?.enable();
  await scope.clients.claim();
}

const kept = (address: string): Promise<Response | undefined> => caches.match(address, { cacheName: name, ignoreVary: true });

/** A page from the network; without one, ours. */
async function page(event: Fetching): Promise<Response> {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request));
  } catch {
    const ours = await kept(OFFLINE);
    return ours ? new Response(ours.body, { status: 503, headers: ours.headers }) : Response.error();
  }
}

/** A file or a picture: what is kept, else from the network, and then kept. */
async function shelved(event: Fetching, address: string): Promise<Response> {
  const found = await kept(address);
  if (found) return found;
  const response = await fetch(event.request);
  event.waitUntil(shelve(address, response.clone()));
  return response;
}

/** Keep the page without network in the reader's language. */
async function speak(language: string): Promise<void> {
  const ours = await kept(OFFLINE);
  if (ours && ours.headers.get("content-language") !== language) await shelve(OFFLINE, await fetch(OFFLINE, { cache: "no-store" }));
}

let turn: Promise<unknown> = Promise.resolve();

/** Put something on the shelf, after what is old has made room; one after another, so that the sum is true. */
function shelve(address: string, response: Response): Promise<void> {
  const mine = turn.then(() => put(address, response));
  turn = mine.catch(() => undefined);
  return mine;
}

async function put(address: string, response: Response): Promise<void> {
  // A device that was cleaned stays clean until the next page: its shelf is gone, and only installing makes one.
  if (!mayKeep(response.status, response.headers.get("content-type") ?? "") || !(await caches.has(name))) return;
  const body = await response.arrayBuffer();
  const cache = await caches.open(name);
  const others = (await contents(cache)).filter((it) => it.address !== address);
  const gone = leaving(others, body.byteLength, pinned);
  if (!gone) return;
  for (const it of gone) await cache.delete(it.address, { ignoreVary: true });
  const headers = new Headers([[SIZE, String(body.byteLength)]]);
  for (const header of ["content-type", "content-language", "content-security-policy"]) {
    const value = response.headers.get(header);
    if (value) headers.set(header, value);
  }
  await cache.put(address, new Response(body, { headers }));
}

/** What is kept, in the order it came. */
async function contents(cache: Cache): Promise<Kept[]> {
  const [requests, responses] = await Promise.all([cache.keys(), cache.matchAll()]);
  return requests.map(({ url }, place) => ({
    address: new URL(url).pathname,
    bytes: Number(responses[place]?.headers.get(SIZE) ?? 0),
  }));
}
