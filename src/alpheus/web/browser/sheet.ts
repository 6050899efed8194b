/** What is set now and then: which device plays, when the music stops by itself, how it sounds; and the keys.
 *
 * Loaded when it is first opened. It imports nothing that the page has already: that is handed in.
 */
import type { icon, make, mark, say, write } from "./page";
import type { Player, Preferences } from "./player";
import { type Stop, stopOf } from "./stop";
import type { DeviceWire } from "./wire";

export interface Tools {
  readonly icon: typeof icon;
  readonly make: typeof make;
  readonly mark: typeof mark;
  readonly say: typeof say;
  readonly write: typeof write;
}

const MINUTE_MS = 60_000;

/** Begin to obey. Call what is returned to open the sheet, or the keys. */
export function startSheet(player: Player, tools: Tools): (which: "player-sheet" | "keys-sheet") => void {
  const stop = stopOf(player);
  const show = (): void => paint(player, stop, tools);
  document.addEventListener("click", (event) => {
    const target = event.target instanceof HTMLElement ? event.target : null;
    if (target instanceof HTMLDialogElement && target.closest("#sheets")) return target.close(); // beside it
    const button = target?.closest<HTMLElement>("#player-sheet button");
    if (!button) return;
    press(player, stop, button);
    show();
  });
  player.onChange(show);
  setInterval(show, MINUTE_MS / 2);
  return (which) => {
    for (const dialog of document.querySelectorAll<HTMLDialogElement>("#sheets dialog[open]")) dialog.close();
    show();
    document.getElementById(which)?.closest("dialog")?.showModal();
  };
}

function press(player: Player, stop: Stop, { dataset }: HTMLElement): void {
  if (dataset["stop"]) stop.set(dataset["stop"]);
  if (dataset["quality"]) player.set({ quality: dataset["quality"] });
  if (dataset["loudness"]) player.set({ loudness: dataset["loudness"] as Preferences["loudness"] });
  if (dataset["device"] === "here") player.playHere();
  else if (dataset["device"]) player.send(dataset["device"]);
}

/** Whether a page may set how loud this device is: on an iPhone its own buttons do. */
function hasVolume(): boolean {
  const audio = new Audio();
  audio.volume = 0.5;
  return audio.volume === 0.5;
}

function paint(player: Player, stop: Stop, { icon, make, mark, say, write }: Tools): void {
  const sheet = document.getElementById("player-sheet");
  if (!sheet) return;
  const { quality, loudness } = player.preferences;
  for (const [name, chosen] of Object.entries({ quality, loudness, stop: stop.choice }))
    for (const button of sheet.querySelectorAll<HTMLElement>(`[data-${name}]`)) mark(button, "aria-pressed", String(button.dataset[name] === chosen));
  sheet.querySelector<HTMLElement>("[data-do=volume]")!.hidden = !player.remote && !hasVolume();
  write(sheet.querySelector("[data-sheet=stop]")!, stop.minutes === null ? "" : say("stops_in", { minutes: stop.minutes }));
  const list = sheet.querySelector("[data-sheet=devices]")!;
  const { cloud } = player;
  const rows = (cloud?.devices ?? []).filter(({ gid, hears }) => hears || gid === cloud?.you);
  const playing = player.remote ? player.remote.gid : cloud?.you;
  const key = JSON.stringify([playing, cloud?.you, rows.map(({ gid, name, kind }) => [gid, name, kind])]);
  if (list.getAttribute("data-shown") === key) return;
  list.setAttribute("data-shown", key);
  list.replaceChildren(...rows.map((device) => row(device)));

  function row(device: DeviceWire): HTMLElement {
    const mine = device.gid === cloud?.you;
    const words = mine ? say("this_device") : device.name || device.kind;
    const button = make("button", { type: "button", class: "over t cut", "data-device": mine ? "here" : device.gid, "aria-pressed": String(device.gid === playing) }, words);
    return make("li", {}, icon(device.phone ? "smartphone" : "monitor"), make("div", { class: "grow" }, button), device.gid === playing ? icon("volume-2", "s") : "");
  }
}
