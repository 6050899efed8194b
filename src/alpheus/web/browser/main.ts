/** What every page loads: htmx, the player, and the pages' own small modules. */
import "htmx.org";
import { Controls } from "./controls";
import { startDevice } from "./device";
import { startLibrary } from "./library";
import { facts } from "./page";
import { startKeeper } from "./keeper";
import { Player, type Preferences } from "./player";
import { PlayingPage } from "./playing";
import { startRows } from "./rows";
import { Session } from "./session";
import { startShell } from "./shell";
import { warm as warmStrategies } from "./strategies/load";
import { watchFrom } from "./witness";

const KEPT = "alpheus.player";

/** Volume and quality as this browser last had them. Settings are all that is kept here; music never is. */
function preferences(): Preferences {
  const usual: Preferences = { volume: 1, muted: false, rendition: "aac-128" };
  try {
    return { ...usual, ...(JSON.parse(localStorage.getItem(KEPT) ?? "{}") as Partial<Preferences>) };
  } catch {
    return usual; // Storage is closed to this page, or holds something else.
  }
}

function keep(kept: Preferences): void {
  try {
    localStorage.setItem(KEPT, JSON.stringify(kept));
  } catch {
    // Then it is forgotten with the page.
  }
}

function startPlayer(root: HTMLElement): void {
  const kept = preferences();
  // Made here, not written in the page: Chromium never lets go of a parsed page that holds one, and every page turned is parsed.
  const audio = new Audio();
  audio.preload = "auto";
  root.prepend(audio);
  const player = new Player(audio, new Session(facts().api, facts().reach), kept);
  new Controls(player, root);
  new PlayingPage(player);
  startLibrary(player);
  watchFrom(player);
  player.onChange(() => keep(kept));
  addEventListener("pagehide", () => player.leave());
  addEventListener("pageshow", (event) => {
    if (event.persisted) player.return();
  });
  document.addEventListener("freeze", () => player.freeze());
  document.addEventListener("resume", () => player.thaw());
  const idle = globalThis.requestIdleCallback ?? ((work: () => void) => setTimeout(work, 200));
  idle(() => {
    // Ready before the first press of play, so that it costs nothing then.
    player.loop.attach();
    warmStrategies();
    void player.session.load().then((session) => {
      if (session) player.restore(session.queue, session.index, session.position_ms, session.repeat);
    });
  });
}

/** Moving through what a search finds comes with the first page that searches. */
function followResults(): void {
  if (document.querySelector("[data-results]")) void import("./results").then(({ follow }) => follow());
}

/** Passkeys are loaded where a page has a form that asks for one, and only there. */
function passkeysWhereAsked(): void {
  if (!document.querySelector("form[data-passkey]")) return;
  void import("./passkeys").then((it) => {
    if (!passkeys) it.startPasskeys();
    else it.showPasskeys();
    passkeys = true;
  });
}
let passkeys = false;

startShell();
passkeysWhereAsked();
document.addEventListener("alpheus:page", passkeysWhereAsked);
startRows(); // before the player: it reads what a row was given
startDevice();
followResults();
document.addEventListener("alpheus:page", followResults);
startKeeper();
const root = document.getElementById("player");
if (root) startPlayer(root);
