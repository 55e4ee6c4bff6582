// Suggestions under the search box; without this script the box is a plain search form.
interface Suggestion {
  label: string;
  lang: string | null;
  iri: string;
  type: { label: string; lang: string | null };
}

const field = document.querySelector<HTMLInputElement>("[data-suggest]");
const list = document.querySelector<HTMLUListElement>("#suggestions");
if (field && list) connect(field, list);

function connect(input: HTMLInputElement, options: HTMLUListElement): void {
  let pending: AbortController | undefined;
  let chosen = -1;

  const close = (): void => {
    options.hidden = true;
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const choose = (place: number): void => {
    const items = [...options.children];
    chosen = items.length ? (place + items.length) % items.length : -1;
    items.forEach((item, at) => item.setAttribute("aria-selected", String(at === chosen)));
    const current = items[chosen];
    if (current) input.setAttribute("aria-activedescendant", current.id);
  };

  input.addEventListener("input", async () => {
    pending?.abort();
    const text = input.value.trim();
    if (text.length < 2) return close();
    pending = new AbortController();
    try {
      const address = new URL(input.dataset["suggest"] ?? "", document.baseURI);
      address.searchParams.set("q", text);
      address.searchParams.set("lang", document.documentElement.lang);
      const answer = await fetch(address, { signal: pending.signal, headers: { accept: "application/json" } });
      if (!answer.ok) return close();
      show(options, ((await answer.json()) as { results: Suggestion[] }).results);
      options.hidden = !options.children.length;
      input.setAttribute("aria-expanded", String(!options.hidden));
      chosen = -1;
    } catch (error) {
      if (!(error instanceof DOMException && error.name === "AbortError")) close();
    }
  });
  input.addEventListener("keydown", (event) => {
    if (options.hidden) return;
    if (event.key === "ArrowDown") choose(chosen + 1);
    else if (event.key === "ArrowUp") choose(chosen < 0 ? options.children.length - 1 : chosen - 1);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && chosen >= 0) options.children[chosen]?.querySelector("a")?.click();
    else return;
    event.preventDefault();
  });
  input.addEventListener("blur", () => setTimeout(close, 200));
}

function show(options: HTMLUListElement, items: Suggestion[]): void {
  const base = "https://w3id.org/edugraph/";
  options.replaceChildren(
    ...items.slice(0, 8).map((item, at) => {
      const row = document.createElement("li");
      row.id = `suggestion-${at}`;
      row.role = "option";
      const link = document.createElement("a");
      link.href = `${options.dataset["root"] ?? "/"}${item.iri.replace(base, "")}`;
      link.tabIndex = -1;
      link.textContent = item.label;
      if (item.lang) link.lang = item.lang;
      row.append(link);
      const type = document.createElement("small");
      type.textContent = item.type.label;
      if (item.type.lang) type.lang = item.type.lang;
      row.append(type);
      return row;
    }),
  );
}
