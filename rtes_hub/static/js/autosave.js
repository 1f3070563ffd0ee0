// Forms with data-autosave send themselves three seconds after typing stops. When that fails, a copy stays on this
// device until the site has the text; it is sent again if the site was out of reach.

const words = JSON.parse(document.getElementById("words").textContent);
const WAIT = 3000; // milliseconds after the last key
const AGAIN = 20000; // milliseconds before trying again

function typed(form) {
  return [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken");
}

function keep(key, form) {
  try {
    localStorage.setItem(key, JSON.stringify(typed(form)));
  } catch {
    // Storage is full or forbidden: the text is still on the page.
  }
}

function putBack(form, kept) {
  for (const field of form.elements) {
    if (!field.name || field.type === "hidden" || field.type === "file") continue;
    const values = kept.filter(([name]) => name === field.name).map(([, value]) => value);
    if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
    else if (field.multiple) for (const option of field.options) option.selected = values.includes(option.value);
    else if (values.length) field.value = values[0];
  }
  form.dispatchEvent(new Event("input"));
}

function offer(form, key, status) {
  const kept = localStorage.getItem(key);
  if (!kept || kept === JSON.stringify(typed(form))) return localStorage.removeItem(key);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button--quiet";
  button.textContent = words.restore;
  button.addEventListener("click", () => {
    putBack(form, JSON.parse(kept));
    button.remove();
  });
  return status.before(button);
}

for (const form of document.querySelectorAll("form[data-autosave]")) {
  const key = `draft:${location.pathname}`;
  const status = document.createElement("p");
  status.className = "help";
  status.setAttribute("role", "status");
  form.prepend(status);
  try {
    offer(form, key, status);
  } catch {
    // No storage: nothing to put back.
  }

  let timer;
  let sending = false;
  const send = async () => {
    if (sending) return plan(WAIT);
    sending = true;
    const body = new FormData(form);
    for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { "X-Autosave": "1" }, redirect: "manual" });
      if (!answer.ok) throw new Error(answer.status);
      const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
      status.textContent = words.savedAt.replace("{time}", time);
      localStorage.removeItem(key);
    } catch (problem) {
      keep(key, form);
      const refused = { 401: words.signedOut, 409: words.conflict }[problem.message];
      status.textContent = refused ?? words.savedHere;
      if (!refused) plan(AGAIN);
    } finally {
      sending = false;
    }
    return undefined;
  };
  const plan = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(send, wait);
  };
  form.addEventListener("input", () => plan(WAIT));
  form.addEventListener("submit", () => clearTimeout(timer));
}
