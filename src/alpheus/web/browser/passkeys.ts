/** Passkeys: the ceremony that a form asks for, before it is sent. Loaded only where a page has such a form. */

interface Given {
  readonly publicKey: Record<string, unknown>;
}

/** Show the forms that this browser can serve. */
export function showPasskeys(): void {
  if (!("PublicKeyCredential" in globalThis)) return;
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-passkey]")) form.hidden = false;
}

export function startPasskeys(): void {
  showPasskeys();
  // Before htmx hears of it: the form goes its way only once it holds a credential.
  addEventListener("submit", (event) => {
    const form = event.target instanceof HTMLFormElement && event.target.matches("[data-passkey]") ? event.target : null;
    const field = form?.querySelector<HTMLInputElement>("input[name=credential]");
    if (!form || !field || field.value) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    void ceremony(form, field);
  }, { capture: true });
}

async function ceremony(form: HTMLFormElement, field: HTMLInputElement): Promise<void> {
  const button = form.querySelector("button");
  tell(form, "");
  if (button) button.disabled = true;
  try {
    field.value = JSON.stringify(await credential(form));
    if (button) button.disabled = false;
    form.requestSubmit();
  } catch (error) {
    tell(form, form.dataset[reason(error)] ?? "");
  } finally {
    field.value = "";
    if (button) button.disabled = false;
  }
}

function reason(error: unknown): "cancelled" | "elsewhere" | "failed" {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "SecurityError") return "elsewhere";
  return name === "NotAllowedError" || name === "AbortError" ? "cancelled" : "failed";
}

function tell(form: HTMLFormElement, text: string): void {
  const place = form.querySelector<HTMLElement>("[data-passkey-trouble]");
  if (!place) return;
  place.hidden = !text;
  const words = place.querySelector("div");
  if (words) words.textContent = text;
}

async function credential(form: HTMLFormElement): Promise<object> {
  if (form.dataset["passkey"] === "add") {
    const made = await navigator.credentials.create({ publicKey: creation(await options(form)) });
    return plain(made as PublicKeyCredential);
  }
  const used = await navigator.credentials.get({ publicKey: request(await options(form)) });
  return plain(used as PublicKeyCredential);
}

/** What the server asks for: with the page, or fetched where the page may be an hour old. */
async function options(form: HTMLFormElement): Promise<Record<string, unknown>> {
  const given = form.dataset["passkeyOptions"];
  if (given) return (JSON.parse(given) as Given).publicKey;
  const answer = await fetch(form.action, { headers: { Accept: "application/json" }, cache: "no-store" });
  if (!answer.ok) throw new Error(`options: ${answer.status}`);
  return ((await answer.json()) as { request_options: Given }).request_options.publicKey;
}

interface Described {
  readonly id: string;
  readonly type: PublicKeyCredentialType;
  readonly transports?: AuthenticatorTransport[];
}

const described = (list: unknown): PublicKeyCredentialDescriptor[] =>
  ((list ?? []) as Described[]).map((it) => ({ ...it, id: bytes(it.id) }));

function creation(given: Record<string, unknown>): PublicKeyCredentialCreationOptions {
  const user = given["user"] as { id: string; name: string; displayName: string };
  return {
    ...(given as unknown as PublicKeyCredentialCreationOptions),
    challenge: bytes(given["challenge"] as string),
    user: { ...user, id: bytes(user.id) },
    excludeCredentials: described(given["excludeCredentials"]),
    // A key that signs in by itself: kept on the device, and opened by fingerprint, face or PIN.
    authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
  };
}

function request(given: Record<string, unknown>): PublicKeyCredentialRequestOptions {
  return {
    ...(given as unknown as PublicKeyCredentialRequestOptions),
    challenge: bytes(given["challenge"] as string),
    allowCredentials: described(given["allowCredentials"]),
  };
}

/** A credential as JSON (WebAuthn §5.1, RegistrationResponseJSON and AuthenticationResponseJSON). */
function plain(it: PublicKeyCredential): object {
  const response: Record<string, string | string[] | undefined> = { clientDataJSON: text(it.response.clientDataJSON) };
  if (it.response instanceof AuthenticatorAttestationResponse) {
    response["attestationObject"] = text(it.response.attestationObject);
    response["transports"] = it.response.getTransports?.() ?? [];
  } else if (it.response instanceof AuthenticatorAssertionResponse) {
    response["authenticatorData"] = text(it.response.authenticatorData);
    response["signature"] = text(it.response.signature);
    response["userHandle"] = it.response.userHandle ? text(it.response.userHandle) : undefined;
  }
  const attached = it.authenticatorAttachment ?? undefined;
  return { id: it.id, rawId: text(it.rawId), type: it.type, response, authenticatorAttachment: attached, clientExtensionResults: it.getClientExtensionResults() };
}

function bytes(base64url: string): Uint8Array<ArrayBuffer> {
  const raw = atob(base64url.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(raw, (letter) => letter.charCodeAt(0));
}

function text(buffer: ArrayBuffer): string {
  const raw = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(raw).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}
