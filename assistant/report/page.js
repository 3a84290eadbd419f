"use strict";
(() => {
  const card = document.getElementById("card");
  if (card) {
    let owner = null;
    let leaving = 0;
    const hide = () => { card.hidden = true; owner = null; };
    const later = () => { clearTimeout(leaving); leaving = setTimeout(hide, 250); };
    const place = () => {
      const at = owner.getBoundingClientRect();
      if (at.bottom < 0 || at.top > innerHeight) return hide();
      const size = card.getBoundingClientRect();
      card.style.left = Math.max(8, Math.min(at.left, document.documentElement.clientWidth - size.width - 8)) + "px";
      const below = at.bottom + 6;
      const fits = below + size.height < innerHeight || at.top < size.height + 6;
      card.style.top = (fits ? below : at.top - size.height - 6) + "px";
    };
    const show = (mark) => {
      clearTimeout(leaving);
      if (owner === mark) return;
      owner = mark;
      card.replaceChildren(...document.getElementById(mark.dataset.card).cloneNode(true).childNodes);
      card.hidden = false;
      card.scrollTop = 0;
      place();
    };
    const marked = (event) => event.target.closest && event.target.closest("[data-card]");
    document.addEventListener("pointerover", (event) => {
      const mark = marked(event);
      if (mark) show(mark);
      else if (card.contains(event.target)) clearTimeout(leaving);
      else if (owner && owner !== document.activeElement) later();
    });
    document.addEventListener("focusin", (event) => { const mark = marked(event); if (mark) show(mark); else if (!card.contains(event.target)) hide(); });
    document.addEventListener("focusout", (event) => { if (marked(event)) later(); });
    document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
    document.addEventListener("scroll", (event) => { if (owner && !card.contains(event.target)) place(); }, true);
  }
  for (const table of document.querySelectorAll("table.sortable")) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => head.querySelector("button").addEventListener("click", () => {
      const up = head.getAttribute("aria-sort") !== "ascending";
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      const body = table.tBodies[0];
      const value = (row) => row.cells[column].querySelector(".silent") ? null : row.cells[column].textContent.trim();
      const rows = [...body.rows].sort((one, other) => {
        const [a, b] = [value(one), value(other)];
        if (a === null || b === null) return (a === null) - (b === null);
        const order = a.localeCompare(b, "en", { numeric: true, sensitivity: "base" });
        return up ? order : -order;
      });
      body.append(...rows);
    }));
  }
  addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((box) => { box.open = true; }));
})();
