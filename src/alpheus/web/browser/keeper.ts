/** Has the service worker installed once the page is at rest, and tells it which language its page without network speaks. */

export function startKeeper(): void {
  const workers = navigator.serviceWorker;
  if (!workers || !isSecureContext) return;
  const tell = (): void => workers.controller?.postMessage({ language: document.documentElement.lang });
  document.addEventListener("alpheus:page", tell);
  workers.addEventListener("controllerchange", tell);
  const register = (): void => void workers.register("/sw.js", { updateViaCache: "none" }).then(tell, () => undefined);
  // Nothing here may compete with what the page itself loads, nor with a first press of play.
  addEventListener("load", () => setTimeout(register, 1_000));
}
