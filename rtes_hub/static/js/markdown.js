// A toolbar and a preview for each textarea[data-markdown]. One Tab stop; arrow keys move within (ARIA toolbar pattern).

const words = JSON.parse(document.getElementById("words").textContent);

const around = (mark) => (selected) => [mark + selected + mark, mark.length, selected.length];
const before = (mark) => (selected) => {
  const text = selected.split("\n").map((line) => mark + line).join("\n");
  return [text, selected ? 0 : text.length, selected ? text.length : 0];
};
const ACTS = {
  bold: ["B", around("**")],
  italic: ["I", around("_")],
  heading: ["H", before("## "), true],
  list: ["•", before("- "), true],
  link: ["↗", (selected) => [`[${selected}](https://)`, selected.length + 3, 8]],
  quote: ["❝", before("> "), true],
};

function apply(area, [, write, wholeLines]) {
  let { selectionStart: start, selectionEnd: end } = area;
  if (wholeLines) start = area.value.lastIndexOf("\n", start - 1) + 1;
  const [text, from, length] = write(area.value.slice(start, end));
  area.focus();
  area.setSelectionRange(start, end);
  // insertText keeps the browser's own undo; where it is missing, setRangeText does the work.
  if (!document.execCommand?.("insertText", false, text)) {
    area.setRangeText(text, start, end);
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
  area.setSelectionRange(start + from, start + from + length);
}

async function show(area, region) {
  const body = new FormData();
  body.set("source", area.value);
  body.set("csrfmiddlewaretoken", area.form.elements.csrfmiddlewaretoken.value);
  try {
    const answer = await fetch(area.dataset.preview ?? "/apercu/", { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
    if (!answer.ok) throw new Error(answer.status);
    region.innerHTML = await answer.text(); // made safe by the server, which alone knows how
  } catch {
    region.textContent = words.previewFailed;
  }
  region.hidden = false;
}

function button(act, face, label, onClick) {
  const made = document.createElement("button");
  made.type = "button";
  made.dataset.act = act;
  made.textContent = face;
  made.title = label;
  made.setAttribute("aria-label", label);
  made.tabIndex = -1;
  made.addEventListener("click", onClick);
  return made;
}

function move(bar, event) {
  const all = [...bar.children];
  const here = all.indexOf(document.activeElement);
  const to = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: all.length - 1 }[event.key];
  if (to === undefined || here < 0) return;
  event.preventDefault();
  all[here].tabIndex = -1;
  const next = all[(to + all.length) % all.length];
  next.tabIndex = 0;
  next.focus();
}

for (const area of document.querySelectorAll("textarea[data-markdown]")) {
  const bar = document.createElement("div");
  bar.className = "toolbar";
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", words.toolbar);
  bar.setAttribute("aria-controls", area.id);
  for (const [act, parts] of Object.entries(ACTS)) {
    bar.append(button(act, parts[0], words[act], () => apply(area, parts)));
  }
  const region = document.createElement("div");
  region.className = "preview prose";
  region.setAttribute("role", "region");
  region.setAttribute("aria-live", "polite");
  region.setAttribute("aria-label", words.preview);
  region.hidden = true;
  if (area.form?.elements.csrfmiddlewaretoken) {
    const preview = button("preview", words.preview, words.preview, () => show(area, region));
    preview.removeAttribute("title");
    bar.append(preview);
  }
  bar.firstChild.tabIndex = 0;
  bar.addEventListener("keydown", (event) => move(bar, event));
  area.before(bar);
  area.after(region);
}
