/** What happens when a heart, a row's menu, or "add to playlist" is pressed. Loaded with the first such press. */
import type { Kit } from "./library";

interface PlaylistWire {
  readonly gid: string;
  readonly title: string;
  readonly tracks: number;
}

/** Playlists offered in the sheet; who has more finds the others by their pages. */
const OFFERED = 100;

let kit: Kit;
/** the row or button that the menu belongs to */
let about: HTMLElement | null = null;
/** what will be added to a playlist */
let adding: readonly string[] = [];

export function press(button: HTMLElement, given: Kit): void {
  kit = given;
  watchSheets();
  const { keep, gid, more, addAll, whole, playFrom } = button.dataset;
  if (keep) void toggle(keep, gid ?? "");
  else if (more !== undefined) openMenu(button, more);
  else if (addAll) openAdd(JSON.parse(addAll) as string[]);
  else if (button.dataset["addQueue"] !== undefined) openAdd(kit.player.queue.entries.map(({ recording }) => recording));
  else if (whole) void playWhole(button, whole);
  else if (playFrom) void playFromHere(button, playFrom);
}

/** Do something that the server must hear of; where it does not, say so and change nothing. */
async function trying(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const told = error instanceof Error && "status" in error ? error.message : "";
    kit.toast(told || kit.word("failed"));
  }
}

// Hearts

async function toggle(kind: string, gid: string): Promise<void> {
  if (!gid) return;
  const wanted = !kit.isKept(gid);
  kit.show(gid, wanted);
  try {
    await kit.ask(wanted ? "PUT" : "DELETE", `/library/${kind}/${gid}`);
    const undo = wanted ? undefined : { label: kit.word("undo"), run: () => void toggle(kind, gid) };
    kit.toast(kit.word(wanted ? "kept" : "letGo"), undo);
  } catch (error) {
    kit.show(gid, !wanted);
    kit.toast(error instanceof Error && "status" in error ? error.message : kit.word("failed"));
  }
}

// The menu of a row

const sheet = (id: string): HTMLDialogElement => document.getElementById(id) as HTMLDialogElement;

function openMenu(button: HTMLElement, recording: string): void {
  about = button;
  const menu = sheet("more-sheet");
  const row = button.closest("li");
  const title = row?.querySelector(".t");
  const heading = menu.querySelector("#more-title")!;
  kit.write(heading, title?.textContent ?? "");
  kit.mark(heading, "lang", title?.querySelector("[lang]")?.getAttribute("lang") ?? null);
  const isItem = row?.dataset["item"] !== undefined && row.querySelector("[data-grip]") !== null;
  for (const entry of menu.querySelectorAll<HTMLElement>("[data-for]"))
    entry.hidden = entry.dataset["for"] === "item" ? !isItem : recording === "";
  const heart = menu.querySelector<HTMLElement>("[data-act=keep]")!;
  kit.mark(heart, "aria-pressed", String(kit.isKept(recording)));
  menu.querySelector<HTMLAnchorElement>("[data-act=credits]")!.href = button.getAttribute("href") ?? "/";
  menu.showModal();
}

function act(what: string): void {
  const button = about;
  const recording = button?.dataset["more"] ?? "";
  if (!button || what === "credits") return;
  const row = button.closest<HTMLElement>("li");
  if (what === "next") {
    kit.player.insertNext([recording]);
    kit.toast(kit.word("playsNext"));
  } else if (what === "queue") {
    kit.player.append([recording]);
    kit.toast(kit.word("queued"));
  } else if (what === "add") openAdd([recording]);
  else if (what === "keep") void toggle("recording", recording);
  else if (what === "remove") void remove(row!);
  else if (row) void import("./reorder").then((it) => it.moveBy(row, what as "up" | "down" | "top" | "end", kit));
}

async function remove(row: HTMLElement): Promise<void> {
  const playlist = row.closest<HTMLElement>("[data-playlist]")!.dataset["playlist"]!;
  const title = row.querySelector(".t")?.textContent ?? "";
  const neighbour = row.nextElementSibling ?? row.previousElementSibling;
  await trying(async () => {
    const { version } = await kit.ask<{ version: number }>("POST", `/playlists/${playlist}/items/remove`, { items: [row.dataset["item"]] });
    const mark = row.nextSibling;
    const list = row.parentElement!;
    row.remove();
    neighbour?.querySelector<HTMLElement>("[data-grip],a")?.focus();
    kit.toast(kit.word("removed", { title }), {
      label: kit.word("undo"),
      run: () => void trying(async () => {
        await kit.ask("POST", `/playlists/${playlist}/undo`, { version });
        if (list.isConnected) list.insertBefore(row, mark?.isConnected ? mark : null);
        row.querySelector<HTMLElement>("[data-grip]")?.focus();
      }),
    });
  });
}

// Adding to a playlist

function openAdd(recordings: readonly string[]): void {
  if (recordings.length === 0) return;
  adding = recordings;
  const add = sheet("add-sheet");
  const list = add.querySelector("[data-playlists]")!;
  list.replaceChildren();
  add.showModal();
  void trying(async () => {
    const { items } = await kit.ask<{ items: PlaylistWire[] }>("GET", `/playlists?limit=${OFFERED}`);
    list.replaceChildren(...items.map(choice));
  });
}

function choice(playlist: PlaylistWire): HTMLElement {
  const count = kit.make("span", { class: "sm dim num" }, kit.word("tracks", { n: playlist.tracks }));
  const title = kit.make("span", { class: "grow cut" }, kit.make("bdi", {}, playlist.title));
  const button = kit.make("button", { type: "button" }, kit.icon("list-music"), title, count);
  button.addEventListener("click", () => void addTo(playlist));
  return kit.make("li", {}, button);
}

async function addTo(playlist: PlaylistWire): Promise<void> {
  sheet("add-sheet").close();
  await trying(async () => {
    const path = `/playlists/${playlist.gid}`;
    const { version } = await kit.ask<{ version: number }>("POST", `${path}/items`, { recordings: adding });
    kit.toast(kit.word("added", { title: playlist.title }), {
      label: kit.word("undo"),
      run: () => void trying(() => kit.ask("POST", `${path}/undo`, { version })),
    });
  });
}

async function addToNew(form: HTMLFormElement): Promise<void> {
  const field = form.querySelector("input")!;
  sheet("add-sheet").close();
  await trying(async () => {
    const made = await kit.ask<PlaylistWire>("POST", "/playlists", { title: field.value, recordings: adding });
    field.value = "";
    kit.toast(kit.word("added", { title: made.title }), {
      label: kit.word("undo"),
      run: () => void trying(() => kit.ask("DELETE", `/playlists/${made.gid}`)),
    });
  });
}

// Playing a whole playlist: its page holds a window of it, the server the whole

async function playWhole(button: HTMLElement, how: string): Promise<void> {
  const gid = button.closest<HTMLElement>("[data-playlist-play]")!.dataset["playlistPlay"]!;
  await trying(async () => {
    const { queue } = await kit.ask<{ queue: string[] }>("GET", `/playlists/${gid}/queue`);
    if (queue.length === 0) return;
    if (how === "next") {
      kit.player.insertNext(queue);
      kit.toast(kit.word("playsNext"));
      return;
    }
    const start = how === "shuffle" ? Math.floor(Math.random() * queue.length) : 0;
    kit.player.setShuffle(how === "shuffle");
    kit.player.play(queue, start);
  });
}

async function playFromHere(link: HTMLElement, item: string): Promise<void> {
  const gid = link.closest<HTMLElement>("[data-playlist]")!.dataset["playlist"]!;
  await trying(async () => {
    const { queue } = await kit.ask<{ queue: string[] }>("GET", `/playlists/${gid}/queue?since=${item}`);
    if (queue.length > 0) kit.player.play(queue, 0);
  });
}

// The sheets stand in the page; a change of language brings new ones

const watched = new WeakSet<Element>();

function watchSheets(): void {
  const sheets = document.getElementById("library-sheets");
  if (!sheets || watched.has(sheets)) return;
  watched.add(sheets);
  sheets.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const dialog = target?.closest("dialog");
    if (target === dialog) dialog?.close(); // what lies around a sheet is its backdrop
    const entry = target?.closest<HTMLElement>("[data-act]");
    if (!entry) return;
    dialog?.close();
    act(entry.dataset["act"]!);
  });
  sheets.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (form.dataset["new"] === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    void addToNew(form);
  });
}
