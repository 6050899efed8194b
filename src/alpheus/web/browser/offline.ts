/** The page without network: goes back to what was wanted as soon as the network is there. */

const ASK_MS = 4_000;

async function look(): Promise<void> {
  if (!navigator.onLine) return;
  const answer = await fetch("/healthz", { method: "HEAD", cache: "no-store" }).catch(() => null);
  if (answer && answer.status < 500) location.reload();
}

addEventListener("online", () => void look());
document.getElementById("again")?.addEventListener("click", () => location.reload());
setInterval(() => void look(), ASK_MS);
