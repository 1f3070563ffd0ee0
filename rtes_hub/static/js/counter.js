// How many characters are left, for text fields with data-limit or maxlength. Said aloud only near the end.

const words = JSON.parse(document.getElementById("words").textContent);
const SAY_FROM = 20; // characters left

document.querySelectorAll("textarea[data-limit], textarea[maxlength], input[data-limit]").forEach((field) => {
  const limit = Number(field.dataset.limit ?? field.maxLength);
  if (!(limit > 0)) return;
  const seen = document.createElement("p");
  seen.className = "help";
  seen.setAttribute("aria-hidden", "true");
  const said = document.createElement("p");
  said.className = "visually-hidden";
  said.setAttribute("role", "status");
  field.after(seen, said);
  const count = () => {
    const left = limit - [...field.value].length;
    const text = (left < 0 ? words.over : words.left).replace("{n}", Math.abs(left));
    seen.textContent = text;
    seen.classList.toggle("counter--over", left < 0);
    said.textContent = left <= SAY_FROM ? text : "";
  };
  field.addEventListener("input", count);
  count();
});
