// The adjudicator's keys and his clock: 1 to 9 choose an option, Enter decides, N goes on; the page works without them.
(() => {
  "use strict";
  const form = document.querySelector("form[data-decide]");
  const next = document.querySelector("a[data-next]");
  const seconds = form?.querySelector("[data-seconds]");
  const clock = form?.querySelector("[data-clock]");
  let worked = 0;

  const tick = () => {
    if (document.hidden) return; // only time in which the page was looked at counts
    worked += 1;
    if (seconds) seconds.value = String(worked);
    if (clock) clock.textContent = `${Math.floor(worked / 60)}:${String(worked % 60).padStart(2, "0")}`;
  };
  if (form) setInterval(tick, 1000);

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input:not([type=radio]), textarea, select")) return;
    const option = form?.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (option && !option.disabled) {
      option.checked = true;
      option.focus();
      event.preventDefault();
    } else if (event.key === "Enter" && form?.querySelector("[data-key]:checked")) {
      event.preventDefault();
      form.requestSubmit();
    } else if (event.key.toLowerCase() === "n" && next) {
      event.preventDefault();
      next.click();
    }
  });
})();
