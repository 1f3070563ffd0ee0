// Completion of @names in textarea[data-mentions]. Without it, names are typed as they stand beside each message.

const words = JSON.parse(document.getElementById("words").textContent);
const WAIT = 200; // milliseconds after the last key
const BEGUN = /(?:^|[^\p{L}\p{N}_.@/+-])@([\p{L}\p{N}_.'-]{2,40})$/u;

function make(tag, attributes, text = "") {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.textContent = text;
  return made;
}

function complete(area) {
  const id = `${area.id}-names`;
  const box = make("div", { class: "combobox" });
  const list = make("ul", { id, role: "listbox", class: "listbox", "aria-label": words.names });
  const status = make("div", { role: "status", class: "visually-hidden" });
  list.hidden = true;
  box.append(list, status);
  area.after(box);
  area.setAttribute("aria-autocomplete", "list");
  area.setAttribute("aria-controls", id);

  let active = -1;
  let timer;
  let asked = 0;

  const begun = () => BEGUN.exec(area.value.slice(0, area.selectionStart))?.[1];
  const mark = (to) => {
    list.children[active]?.setAttribute("aria-selected", "false");
    active = to;
    const option = list.children[active];
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) area.setAttribute("aria-activedescendant", option.id);
    else area.removeAttribute("aria-activedescendant");
  };
  const close = () => {
    asked += 1; // what is still on its way is for nobody
    list.hidden = true;
    mark(-1);
  };
  const choose = (option) => {
    const typed = begun();
    if (typed === undefined) return close();
    const end = area.selectionStart;
    area.setRangeText(`${option.dataset.handle} `, end - typed.length, end, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
    area.focus();
    return close();
  };
  const show = (found) => {
    list.replaceChildren(...found.map((one, at) => {
      const option = make("li", { id: `${id}-${at}`, role: "option", "aria-selected": "false" }, one.name);
      option.dataset.handle = one.handle;
      option.append(make("small", {}, [one.detail, `@${one.handle}`].filter(Boolean).join(" · ")));
      option.addEventListener("pointerdown", (event) => event.preventDefault());
      option.addEventListener("click", () => choose(option));
      return option;
    }));
    list.hidden = found.length === 0;
    active = -1;
    if (found.length) mark(0);
    status.textContent = found.length ? words.found.replace("{n}", found.length) : "";
  };
  const search = async () => {
    const query = begun();
    if (query === undefined) return close();
    const mine = ++asked;
    const answer = await fetch(`/mentions/?q=${encodeURIComponent(query)}`).catch(() => null);
    return answer?.ok && mine === asked ? show(await answer.json()) : undefined;
  };

  area.addEventListener("input", () => {
    clearTimeout(timer);
    if (begun() === undefined) close();
    else timer = setTimeout(search, WAIT);
  });
  area.addEventListener("blur", close);
  area.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const last = list.children.length - 1;
    if (event.key === "Escape") close();
    else if ((event.key === "Enter" || event.key === "Tab") && active >= 0) choose(list.children[active]);
    else if (event.key === "ArrowDown") mark(active < last ? active + 1 : 0);
    else if (event.key === "ArrowUp") mark(active > 0 ? active - 1 : last);
    else return;
    event.preventDefault();
  });
}

document.querySelectorAll("textarea[data-mentions]").forEach(complete);
