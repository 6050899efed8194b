/** "This device": measures what it holds while the page is open, and cleans it.
 *
 * Loaded where that is shown or asked for. It imports nothing that the page has already: that is handed in.
 */
import type { amount } from "./format";
import type { secondsIn, storedBytes } from "./memory";
import type { facts, say, write } from "./page";

const MEASURE_MS = 2_000;

export interface Means {
  readonly amount: typeof amount;
  readonly facts: typeof facts;
  readonly say: typeof say;
  readonly secondsIn: typeof secondsIn;
  readonly storedBytes: typeof storedBytes;
  readonly write: typeof write;
}

let means: Means;

export function startDevice(given: Means): void {
  means = given;
  setInterval(() => void measure(), MEASURE_MS);
  void measure();
  document.addEventListener("alpheus:page", () => void measure());
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-holds-clean]") : null;
    if (button) void clean(button.dataset["holdsClean"] ?? "");
  });
}

async function measure(): Promise<void> {
  const page = document.getElementById("holds");
  if (!page || document.hidden) return;
  const { facts, storedBytes, write } = means;
  const [stored, stores, workers, usage] = await Promise.all([storedBytes(), namesOfStores(), workerCount(), usageBytes()]);
  const figures: Record<string, string> = {
    stored: bytes(stored.music),
    shelf: bytes(stored.shelf),
    memory: (page.dataset["seconds"] ?? "{n} s").replace("{n}", secondsInMemory().toFixed(1)),
    stores: String(stores.length),
    workers: String(workers),
    settings: bytes(settingsBytes()),
    usage: usage === null ? "–" : bytes(usage),
    when: new Date().toLocaleTimeString(facts().language),
  };
  for (const [name, value] of Object.entries(figures)) {
    const element = page.querySelector(`[data-holds=${name}]`);
    if (element) write(element, value);
  }
  page.querySelector("[data-holds-clean]")?.removeAttribute("disabled");
}

const bytes = (count: number): string => {
  const { amount, facts, say } = means;
  const size = amount(count, facts().language);
  return say(size.unit, { value: size.value });
};

/** Seconds of sound in the player's buffer. */
function secondsInMemory(): number {
  const { buffered } = document.querySelector<HTMLAudioElement>("#player audio") ?? { buffered: null };
  if (!buffered) return 0;
  return means.secondsIn(Array.from({ length: buffered.length }, (_, place) => [buffered.start(place), buffered.end(place)] as const));
}

async function namesOfStores(): Promise<string[]> {
  const cacheNames = "caches" in globalThis ? await caches.keys().catch(() => []) : [];
  const databases = (await globalThis.indexedDB?.databases?.().catch(() => [])) ?? [];
  return [...cacheNames, ...databases.map((it) => it.name ?? ""), ...(await fileNames())];
}

interface Folder {
  readonly keys?: () => AsyncIterable<string>;
  readonly removeEntry: (name: string, options: { recursive: boolean }) => Promise<void>;
}

const files = async (): Promise<Folder | null> =>
  ((await navigator.storage?.getDirectory?.().catch(() => null)) ?? null) as Folder | null;

async function fileNames(): Promise<string[]> {
  const names: string[] = [];
  for await (const name of (await files())?.keys?.() ?? []) names.push(name);
  return names;
}

const workerCount = async (): Promise<number> => (await navigator.serviceWorker?.getRegistrations().catch(() => []))?.length ?? 0;

const usageBytes = async (): Promise<number | null> => (await navigator.storage?.estimate?.().catch(() => null))?.usage ?? null;

/** What localStorage keeps, as the browser counts it: two bytes a character. */
function settingsBytes(): number {
  try {
    return Object.entries(localStorage).reduce((sum, [key, value]) => sum + 2 * (key.length + String(value).length), 0);
  } catch {
    return 0;
  }
}

/** Empty every store of this site's, whatever put something there, and have the browser empty its own cache of it. */
export async function clean(address: string): Promise<void> {
  await Promise.allSettled([cleanCaches(), cleanDatabases(), cleanWorkers(), cleanFiles(), cleanHttpCache(address)]);
  try {
    localStorage.clear();
    sessionStorage.clear();
  } catch {
    // Storage is closed to this page, so nothing is in it.
  }
  await measure();
  const told = document.querySelector<HTMLElement>("[data-holds=cleaned]");
  // Only what was measured is said: a database that another tab holds open goes when that tab does.
  if (told && (await namesOfStores()).length === 0) means.write(told, told.dataset["done"] ?? "");
}

async function cleanCaches(): Promise<void> {
  if ("caches" in globalThis) for (const name of await caches.keys()) await caches.delete(name);
}

async function cleanDatabases(): Promise<void> {
  for (const { name } of (await globalThis.indexedDB?.databases?.()) ?? []) {
    if (!name) continue;
    await new Promise<void>((done) => {
      const deleting = indexedDB.deleteDatabase(name);
      deleting.onsuccess = deleting.onerror = deleting.onblocked = () => done();
    });
  }
}

async function cleanWorkers(): Promise<void> {
  for (const worker of (await navigator.serviceWorker?.getRegistrations()) ?? []) await worker.unregister();
}

async function cleanFiles(): Promise<void> {
  const folder = await files();
  for (const name of await fileNames()) await folder?.removeEntry(name, { recursive: true });
}

async function cleanHttpCache(address: string): Promise<void> {
  const token = document.querySelector<HTMLInputElement>("#player input[name=csrfmiddlewaretoken]")?.value ?? "";
  await fetch(address, { method: "POST", headers: { "X-CSRFToken": token }, cache: "no-store" });
}
