/** What every page loads: htmx, the player, and the pages' own small modules. */
import "htmx.org";
import { Controls, LEAP_SECONDS } from "./controls";
import { amount } from "./format";
import { startKeeper } from "./keeper";
import { startLibrary } from "./library";
import type { Live } from "./live";
import { secondsIn, storedBytes } from "./memory";
import { facts, say, write } from "./page";
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
  const usual: Preferences = { volume: 1, muted: false, quality: "auto", loudness: "auto" };
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

/** Time for the page's own answer to arrive, where it was this page that signed out. */
const OWN_ANSWER_MS = 3_000;

/** Another device signed this one out: begin anew as nobody. A page that did so itself is shown its own answer. */
function signedOut(): void {
  const whose = document.body.dataset["account"];
  setTimeout(() => {
    if (document.body.dataset["account"] === whose) location.reload();
  }, OWN_ANSWER_MS);
}

/** Hear of what changes elsewhere, from the moment on in which there is something to hear. */
function hear(player: Player): void {
  let live: Promise<Live> | null = null;
  const start = (): void => {
    if (live || !player.cloud?.live) return;
    live = import("./live").then(({ startLive }) =>
      startLive({
        address: `${facts().api}/session/events`,
        keepsHearing: () => player.state === "playing",
        onSession: (wire) => player.learn(wire),
        onLead: (leads) => (player.receives = leads),
        onSignedOut: signedOut,
      }),
    );
  };
  player.onChange(start);
  document.addEventListener("alpheus:account", () => {
    player.welcome();
    player.refresh();
    void live?.then((it) => it.restart());
  });
}

/** What this device holds is measured where it is shown, and emptied where it is asked to. */
const device = (): Promise<typeof import("./device")> =>
  (loadedDevice ??= import("./device").then((it) => {
    it.startDevice({ amount, facts, say, secondsIn, storedBytes, write });
    return it;
  }));
let loadedDevice: Promise<typeof import("./device")> | null = null;

function deviceWhereShown(): void {
  if (document.getElementById("holds")) void device();
}

/** What this device owes the cloud comes once it plays, or once it is asked for. */
function owe(player: Player): void {
  let begun = false;
  player.onChange(() => {
    const { cloud } = player;
    const asked = cloud && (cloud.stops_in_ms ?? cloud.stops_after ?? cloud.devices.find(({ gid }) => gid === cloud.you)?.clean_asked_at);
    if (begun || (player.state !== "playing" && asked == null)) return;
    begun = true;
    void import("./owed").then(({ startOwed }) => startOwed(player, { clean: () => device().then((it) => it.clean(facts().clean)), leapSeconds: LEAP_SECONDS, secondsIn, storedBytes }));
  });
}

function startPlayer(root: HTMLElement): Player {
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
  hear(player);
  owe(player);
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
    player.refresh();
  });
  return player;
}

/** Moving through what a search finds comes with the first page that searches. */
function followResults(): void {
  if (document.querySelector("[data-results]")) void import("./results").then(({ follow }) => follow());
}

/** The studio's uploads, the auditor's page and buttons that copy are loaded where they are. */
function deskWork(): void {
  if (document.querySelector("[data-copy]")) void import("./copy").then(({ follow }) => follow());
  if (document.querySelector("[data-upload]")) void import("./upload").then(({ follow }) => follow());
  if (document.querySelector("[data-intake]")) void import("./intake").then(({ follow }) => follow());
  if (document.querySelector("[data-send-many]")) void import("./release").then(({ follow }) => follow());
  if (player && document.querySelector("[data-audit]")) void import("./audit").then(({ follow }) => follow(player!));
}
let player: Player | null = null;

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
deviceWhereShown();
document.addEventListener("alpheus:page", deviceWhereShown);
followResults();
document.addEventListener("alpheus:page", followResults);
startKeeper();
const root = document.getElementById("player");
if (root) player = startPlayer(root);
deskWork();
document.addEventListener("alpheus:page", deskWork);
