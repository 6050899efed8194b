/**
 * Sends a release's files to the studio: many at once, whole folders too, each an upload and a track of its own.
 *
 * Nothing is kept in the browser: the list of tracks says which files were begun, and whoever chooses the same files again,
 * in whatever browser, goes on where each stopped. Files are begun one after the other, so that they come in their
 * order; the bytes of two travel at once. On a track's own page the same sends one file, which takes the place of the track's.
 */
import type { Upload } from "tus-js-client";
import { ORDER, takeDropped } from "./dropping";
import { keepSaving } from "./saving";
import { send, sentence, told } from "./sending";

const AT_ONCE = 2;
const MUSIC = /\.(wav|wave|flac|aiff?|aifc|m4a|mp4|mp3|ogg|oga|opus|wma|ape|wv|caf)$/i;

interface Sent {
  readonly file: File;
  readonly row: HTMLElement;
  upload: Upload | null;
}

let following = false;
let waiting: Sent[] = [];
const under_way = new Set<Sent>();
/** Whether one is between its first request and its answer. */
let beginning = false;

const section = (): HTMLElement | null => document.querySelector<HTMLElement>("[data-send-many]");
const tracks = (): HTMLElement | null => document.getElementById("tracks");
const word = (name: string): string => section()?.dataset[name] ?? "";

/** Follow the page; it may have been swapped since the last call. */
export function follow(): void {
  zoneHere();
  keepSaving();
  if (following) return;
  following = true;
  document.addEventListener("change", changed);
  takeDropped("[data-send-many] [data-drop]", (found) => choose(found.map((it) => it.file)));
  addEventListener("online", () => under_way.forEach((it) => it.upload?.start()));
  document.addEventListener("htmx:after:swap", filled);
  // A row in somebody's hand stays in it: the list is asked for again two seconds later.
  document.addEventListener("htmx:before:request", (event) => {
    if (document.querySelector(".lifted") && (event.target as Element | null)?.id === "tracks") event.preventDefault();
  });
  shown = said();
  const input = document.querySelector<HTMLInputElement>("[data-send-many] input[type=file]");
  if (input?.files?.length) choose([...input.files]); // chosen while this module was on its way
}

function changed(event: Event): void {
  const input = event.target;
  if (!(input instanceof HTMLInputElement) || input.type !== "file" || !input.files?.length) return;
  if (input.closest("[data-cover-form]")) return input.form!.requestSubmit();
  if (!input.closest("[data-send-many]")) return;
  choose([...input.files]);
  input.value = "";
}

/** Take files in, or say why none is sent: a release has only so many tracks, whoever drops what. */
function choose(chosen: File[]): void {
  const facts = section()?.dataset;
  if (!facts) return;
  fault("");
  const one = facts["track"] !== undefined;
  const music = chosen.filter((it) => it.type.startsWith("audio/") || MUSIC.test(it.name));
  music.sort((a, b) => ORDER.compare(a.webkitRelativePath || a.name, b.webkitRelativePath || b.name));
  if (music.length === 0) return fault(word("noMusic") || word("failed"));
  const skipped = chosen.length - music.length;
  say(skipped ? word("skipped").replace("{n}", String(skipped)) : "");
  const begun = music.filter((it) => begunAt(it) !== null).length;
  const here = Number(document.getElementById("items")?.dataset["count"] ?? 0) + waiting.length;
  if (!one && here + music.length - begun > Number(facts["tracksMax"])) return fault(word("tooMany"));
  for (const file of one ? music.slice(0, 1) : music) {
    const it = { file, row: rowOf(file), upload: null };
    if (file.size > Number(facts["bytesMax"])) failed(it, word("tooLarge"), false);
    else waiting.push(it);
  }
  next();
}

/** Where a file goes on that was begun before. */
function begunAt(file: File): string | null {
  for (const it of document.querySelectorAll<HTMLElement>("#tracks[data-at],#tracks [data-at]"))
    if (it.dataset["name"] === file.name && Number(it.dataset["length"]) === file.size) return it.dataset["at"]!;
  return null;
}

function next(): void {
  while (!beginning && under_way.size < AT_ONCE && waiting.length) begin(waiting.shift()!);
}

function begin(it: Sent): void {
  const facts = section()!.dataset;
  const about = { filename: it.file.name, submission: facts["submission"] ?? "", ...(facts["track"] ? { track: facts["track"] } : {}) };
  // What was begun a moment ago the list does not tell yet: tried again it goes on, and makes no second track.
  const at = it.upload?.url ?? begunAt(it.file);
  under_way.add(it);
  beginning = at === null;
  const goOn = (): void => {
    beginning = false;
    next();
  };
  it.upload = send(it.file, facts, about, {
    at,
    onBegun: goOn,
    onProgress: (sent, all) => progress(it, sent, all),
    onWaiting: () => write(it, "said", word("waiting")),
    onError: (error) => {
      under_way.delete(it);
      failed(it, sentence(error) || word("failed"), true);
      goOn();
    },
    onSuccess: () => {
      under_way.delete(it);
      it.row.remove();
      tracks()?.dispatchEvent(new Event("alpheus-uploaded", { bubbles: true }));
      next();
    },
  });
  it.upload.start();
}

/** Made here: what is loaded later shares no code with the page's own file. */
function make<K extends keyof HTMLElementTagNameMap>(tag: K, css = ""): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (css) element.className = css;
  return element;
}

function rowOf(file: File): HTMLElement {
  const row = make("li");
  const box = make("div", "grow stack");
  box.style.setProperty("--g", "6px");
  const name = make("p", "b cut");
  name.textContent = file.name;
  const sent = make("p", "sm two num");
  sent.dataset["sent"] = "";
  sent.textContent = word("queued");
  const meter = make("div", "meter");
  meter.setAttribute("role", "progressbar");
  meter.setAttribute("aria-label", file.name);
  meter.setAttribute("aria-valuemin", "0");
  meter.setAttribute("aria-valuemax", "100");
  meter.append(make("i"));
  const said = make("p", "sm dim");
  said.dataset["said"] = "";
  said.setAttribute("role", "status");
  box.append(name, sent, meter, said);
  row.append(box);
  section()?.querySelector("[data-sending-list]")?.append(row);
  return row;
}

function progress(it: Sent, sent: number, all: number): void {
  const share = all ? (100 * sent) / all : 0;
  const meter = it.row.querySelector<HTMLElement>(".meter");
  meter?.setAttribute("aria-valuenow", share.toFixed(0));
  meter?.querySelector("i")?.style.setProperty("--v", `${share.toFixed(1)}%`);
  write(it, "sent", told(word("sending"), sent, all));
  if (sent > 0) write(it, "said", "");
}

/** One that failed says why, and is tried again or left out by itself. */
function failed(it: Sent, why: string, mayRetry: boolean): void {
  write(it, "said", why);
  const buttons = make("div", "row");
  const press = (text: string, done: () => void): void => {
    const button = make("button", "btn soft sm");
    button.type = "button";
    button.textContent = text;
    button.addEventListener("click", () => {
      buttons.remove();
      done();
    });
    buttons.append(button);
  };
  if (mayRetry)
    press(word("again"), () => {
      write(it, "said", "");
      waiting.push(it);
      next();
    });
  press(word("leave"), () => it.row.remove());
  it.row.firstElementChild!.append(buttons);
}

function write(it: Sent, name: string, text: string): void {
  const place = it.row.querySelector(`[data-${name}]`);
  if (place && place.textContent !== text) place.textContent = text;
}

function say(text: string): void {
  const place = section()?.querySelector(":scope > [data-said]");
  if (place) place.textContent = text;
}

function fault(text: string): void {
  const place = section()?.querySelector<HTMLElement>("[data-error]");
  if (!place) return;
  place.hidden = text === "";
  place.querySelector("span")!.textContent = text;
}

// What files say of themselves

const FIELDS = { title: "title", artist: "artist_name", genres: "genres", upc: "upc" } as const;
const said = (): string => JSON.stringify({ ...tracks()?.dataset });
let shown = "";

/** Fill in where nobody typed, and have it saved as if somebody had; the cover that came with a file appears. */
function filled(): void {
  const now = said();
  if (now === shown || !document.getElementById("items")) return;
  const cover = (JSON.parse(shown || "{}") as { cover?: string }).cover;
  shown = now;
  let changes = false;
  for (const [told_as, name] of Object.entries(FIELDS)) {
    const field = document.querySelector<HTMLInputElement>(`#draft [name=${name}]`);
    const value = tracks()?.dataset[told_as];
    if (!field || field.value || !value) continue;
    field.value = value;
    changes = true;
  }
  if (changes || document.getElementById("left")) document.getElementById("draft")?.dispatchEvent(new Event("change", { bubbles: true }));
  if (tracks()?.dataset["cover"] !== cover) document.getElementById("cover")?.dispatchEvent(new Event("alpheus-cover", { bubbles: true }));
}

/** Whose clocks: this browser's, where nothing was chosen. It is kept with the time. */
function zoneHere(): void {
  const field = document.querySelector<HTMLSelectElement>("[data-zone]");
  if (!field || field.value) return;
  field.value = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (field.selectedIndex < 0) field.value = ""; // a zone that the server does not know
}
