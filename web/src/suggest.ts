// Suggestions under the fields that take a name; without this script they are plain fields, which any name fits.
interface Suggestion {
  label: string;
  lang: string | null;
  id: string;
  iri: string;
  type: { label: string; lang: string | null };
}

const MOST = 8;
const AN_ID = /^\w+:\S+$/; // no name: who writes one knows what is meant

document.querySelectorAll<HTMLInputElement>("[data-suggest]").forEach((input, number) => connect(input, listOf(input, number)));

// The search field has its list in the page; of any other field it is made here.
function listOf(input: HTMLInputElement, number: number): HTMLUListElement {
  const there = document.getElementById(input.getAttribute("aria-controls") ?? "");
  if (there instanceof HTMLUListElement) return there;
  const list = document.createElement("ul");
  Object.assign(list, { id: `suggestions-${number}`, className: "suggestions", role: "listbox", hidden: true });
  list.setAttribute("aria-label", input.dataset["listed"] ?? "");
  Object.assign(input, { role: "combobox", autocomplete: "off" });
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  input.form?.classList.add("suggesting");
  input.form?.append(list);
  return list;
}

function connect(input: HTMLInputElement, list: HTMLUListElement): void {
  const name = input.name;
  let pending: AbortController | undefined;
  let found: Suggestion[] = [];
  let chosen = -1;

  const close = (): void => {
    pending?.abort();
    list.hidden = true;
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const choose = (place: number): void => {
    const items = [...list.children];
    chosen = items.length ? (place + items.length) % items.length : -1;
    items.forEach((item, at) => item.setAttribute("aria-selected", String(at === chosen)));
    const current = items[chosen];
    if (current) input.setAttribute("aria-activedescendant", current.id);
  };
  const take = (place: number): void => {
    const one = found[place];
    if (!one) return;
    if (!("fill" in input.dataset)) return void list.children[place]?.querySelector("a")?.click();
    input.value = one.label;
    mean(input, name, one.id);
    close();
  };
  // What was chosen stays chosen where it is offered again: the answer to the last letter may come after the arrow.
  const open = (kept: string | undefined): void => {
    list.replaceChildren(...found.map((one, at) => row(one, `${list.id}-${at}`, "fill" in input.dataset ? null : (list.dataset["root"] ?? "/"))));
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    const again = found.findIndex((one) => one.id === kept);
    if (again >= 0) choose(again);
    else {
      chosen = -1;
      input.removeAttribute("aria-activedescendant");
    }
    if (input.form?.classList.contains("suggesting")) below(list, input, input.form);
  };

  input.addEventListener("input", async () => {
    pending?.abort();
    mean(input, name, null);
    const text = input.value.trim();
    if (text.length < 2 || AN_ID.test(text)) return close();
    pending = new AbortController();
    try {
      const answer = await ask(input.dataset["suggest"] ?? "", text, pending.signal);
      const kept = found[chosen]?.id;
      found = answer;
      open(kept);
    } catch (error) {
      if (!(error instanceof DOMException && error.name === "AbortError")) close();
    }
  });
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown") choose(chosen + 1);
    else if (event.key === "ArrowUp") choose(chosen < 0 ? list.children.length - 1 : chosen - 1);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && chosen >= 0) take(chosen);
    else return;
    event.preventDefault();
  });
  list.addEventListener("click", (event) => {
    if (!("fill" in input.dataset) || !(event.target instanceof Element)) return;
    take([...list.children].indexOf(event.target.closest("li") as Element));
    input.focus();
  });
  input.addEventListener("blur", () => setTimeout(close, 200));
}

// A chosen name is sent as the id of its thing, for two things may share a name; what is typed is sent as it is.
function mean(input: HTMLInputElement, name: string, id: string | null): void {
  input.form?.querySelector(`input[data-meant="${name}"]`)?.remove();
  input.name = id === null ? name : "";
  if (id === null) return;
  const meant = Object.assign(document.createElement("input"), { type: "hidden", name, value: id });
  meant.dataset["meant"] = name;
  input.after(meant);
}

async function ask(source: string, text: string, signal: AbortSignal): Promise<Suggestion[]> {
  const address = new URL(source, document.baseURI);
  address.searchParams.set("q", text);
  address.searchParams.set("lang", document.documentElement.lang);
  const answer = await fetch(address, { signal, headers: { accept: "application/json" } });
  if (!answer.ok) return [];
  return ((await answer.json()) as { results: Suggestion[] }).results.slice(0, MOST);
}

function row(one: Suggestion, id: string, root: string | null): HTMLLIElement {
  const item = Object.assign(document.createElement("li"), { id, role: "option" });
  const name = document.createElement(root === null ? "span" : "a");
  if (name instanceof HTMLAnchorElement) {
    name.href = `${root}${one.iri.replace("https://w3id.org/edugraph/", "")}`;
    name.tabIndex = -1;
  }
  name.textContent = one.label;
  if (one.lang) name.lang = one.lang;
  const type = document.createElement("small");
  type.textContent = one.type.label;
  if (one.type.lang) type.lang = one.type.lang;
  item.append(name, type);
  return item;
}

function below(list: HTMLElement, input: HTMLElement, form: HTMLElement): void {
  const [field, around] = [input.getBoundingClientRect(), form.getBoundingClientRect()];
  const width = Math.min(Math.max(field.width, 288), around.width);
  list.style.width = `${width}px`;
  list.style.left = `${Math.max(0, Math.min(field.left - around.left, around.width - width))}px`;
  list.style.top = `${field.bottom - around.top}px`;
}
