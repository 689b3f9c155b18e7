// What is suggested while somebody types in the search of the page: arrows choose, Enter opens, Escape closes.
(() => {
  "use strict";
  const form = document.querySelector("form[data-suggests]");
  const box = form?.querySelector("input[type=search]");
  const list = form && document.getElementById(form.dataset.suggests);
  if (!box || !list) return;
  box.setAttribute("role", "combobox");
  box.setAttribute("aria-controls", list.id);
  box.setAttribute("aria-autocomplete", "list");

  const options = () => [...list.querySelectorAll("[role=option]")];
  const chosen = () => list.querySelector("[aria-selected=true]");

  const open = (isOpen) => {
    list.hidden = !isOpen;
    box.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) choose(null);
  };

  const choose = (option) => {
    chosen()?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) box.setAttribute("aria-activedescendant", option.id);
    else box.removeAttribute("aria-activedescendant");
  };

  const move = (step) => {
    const all = options();
    if (all.length === 0) return;
    const at = all.indexOf(chosen());
    choose(all[at === -1 && step < 0 ? all.length - 1 : (at + step + all.length) % all.length]);
  };

  open(false);
  list.addEventListener("htmx:afterSwap", () => open(document.activeElement === box && options().length > 0));
  box.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list.hidden && options().length > 0) open(true);
      move(event.key === "ArrowDown" ? 1 : -1);
      event.preventDefault();
    } else if (event.key === "Escape" && !list.hidden) {
      open(false);
      event.stopPropagation();
    } else if (event.key === "Enter" && !list.hidden && chosen()) {
      event.preventDefault();
      location.assign(chosen().querySelector("a").href);
    }
  });
  box.addEventListener("input", () => {
    if (box.value.trim() === "") open(false);
  });
  document.addEventListener("click", (event) => {
    if (!form.contains(event.target)) open(false);
  });
})();
