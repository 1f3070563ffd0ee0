// Completion of input[data-territory-search] from the official table (ARIA combobox pattern).
// The id goes to the hidden input it names, or beside it.

const words = JSON.parse(document.getElementById("words").textContent);
const WAIT = 200; // milliseconds after the last key
const number = new Intl.NumberFormat(document.documentElement.lang);

function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
}

function make(tag, attributes, text = "") {
  const made = document.createElement(tag);
  set(made, attributes);
  made.textContent = text;
  return made;
}

function complete(input) {
  const named = input.dataset.territorySearch;
  const hidden = (named && document.getElementById(named)) || input.parentElement.querySelector("input[type=hidden]");
  const id = `${input.id}-list`;
  const box = make("div", { class: "combobox" });
  const list = make("ul", { id, role: "listbox", class: "listbox", "aria-label": input.labels[0]?.textContent ?? "" });
  const status = make("div", { role: "status", class: "visually-hidden" });
  input.replaceWith(box);
  box.append(input, list, status);
  set(input, { role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-controls": id });

  let active = -1;
  let timer;
  let asked = 0;

  const mark = (to) => {
    list.children[active]?.setAttribute("aria-selected", "false");
    active = to;
    const option = list.children[active];
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
  };
  const open = (isOpen) => {
    list.hidden = !isOpen;
    input.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) mark(-1);
  };
  const choose = (option) => {
    input.value = option.dataset.name;
    if (hidden) hidden.value = option.dataset.id;
    open(false);
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const show = (found) => {
    list.replaceChildren(...found.map((territory, at) => {
      const option = make("li", { id: `${id}-${at}`, role: "option", "aria-selected": "false" }, territory.name);
      Object.assign(option.dataset, { id: territory.id, name: territory.name });
      const people = territory.population && words.inhabitants.replace("{n}", number.format(territory.population));
      option.append(make("small", {}, [territory.kind_label, territory.department, people].filter(Boolean).join(" · ")));
      option.addEventListener("pointerdown", (event) => event.preventDefault());
      option.addEventListener("click", () => choose(option));
      return option;
    }));
    active = -1;
    open(found.length > 0);
    status.textContent = found.length ? words.found.replace("{n}", found.length) : words.none;
  };
  const search = async () => {
    const mine = ++asked;
    const query = input.value.trim();
    if (query.length < 2) { open(false); return; }
    const answer = await fetch(`/territoires/recherche/?q=${encodeURIComponent(query)}`).catch(() => null);
    if (answer?.ok && mine === asked) show(await answer.json());
  };

  open(false);
  input.addEventListener("input", () => {
    if (hidden) hidden.value = ""; // what is typed is no longer what was chosen
    clearTimeout(timer);
    timer = setTimeout(search, WAIT);
  });
  input.addEventListener("blur", () => open(false));
  input.addEventListener("keydown", (event) => {
    const last = list.children.length - 1;
    if (event.key === "Escape" && !list.hidden) open(false);
    else if (event.key === "Enter" && !list.hidden && active >= 0) choose(list.children[active]);
    else if (event.key === "ArrowDown" && last >= 0) { open(true); mark(active < last ? active + 1 : 0); }
    else if (event.key === "ArrowUp" && last >= 0) { open(true); mark(active > 0 ? active - 1 : last); }
    else return;
    event.preventDefault();
  });
}

document.querySelectorAll("input[data-territory-search]").forEach(complete);
