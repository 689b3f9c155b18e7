// What the console adds for people with a keyboard and a browser that runs scripts; every page works without it.
(() => {
  "use strict";
  const places = { h: "/", b: "/daybooks", m: "/metrics", o: "/orders", p: "/policies", d: "/data", q: "/quality", c: "/cases" };
  let went = -Infinity; // when "g" was pressed

  const writing = (node) => node.closest("input, textarea, select, [contenteditable]") !== null;
  const closePops = (except) => {
    for (const pop of document.querySelectorAll("details.pop[open]")) {
      if (pop !== except) pop.open = false;
    }
  };

  const focusSearch = () => {
    const boxes = [...document.querySelectorAll("[data-search]")];
    const box = boxes.find((one) => one.closest("main")) ?? boxes[0];
    box?.focus();
    box?.select();
    return box !== undefined;
  };

  const moveInTable = (event) => {
    const row = event.target.closest("tbody tr");
    if (!row) return false;
    const step = event.key === "ArrowDown" ? "nextElementSibling" : "previousElementSibling";
    const link = row[step]?.querySelector("a[href], button");
    link?.focus();
    return link != null;
  };

  const onKey = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const keys = document.getElementById("keys");
    if (event.key === "Escape") {
      const open = document.querySelector("details.pop[open]");
      open?.querySelector("summary").focus();
      closePops();
      return;
    }
    if (writing(event.target) || keys?.open) return;
    if (event.key === "/" && focusSearch()) event.preventDefault();
    else if (event.key === "?" && keys) keys.showModal();
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (moveInTable(event)) event.preventDefault();
    } else if (event.key === "[" || event.key === "]") {
      document.querySelector(`main a[rel="${event.key === "[" ? "prev" : "next"}"]`)?.click();
    } else if (event.key === "g") went = event.timeStamp;
    else if (event.timeStamp - went < 1500 && places[event.key]) location.assign(places[event.key]);
  };

  document.addEventListener("keydown", onKey);
  document.addEventListener("click", (event) => {
    closePops(event.target.closest("details.pop"));
    if (event.target.closest("[data-keys]")) document.getElementById("keys")?.showModal();
    if (event.target.closest("[data-print]")) print();
    const copy = event.target.closest("[data-copy]");
    if (copy) navigator.clipboard?.writeText(document.getElementById(copy.dataset.copy).textContent);
  });
  document.addEventListener("change", (event) => {
    if (event.target.closest("[data-submit]")) event.target.form?.requestSubmit();
  });
})();
