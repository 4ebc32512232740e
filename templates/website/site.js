// Everything works without this. It remembers on all pages that a reader wants large print.
(() => {
  "use strict";
  const box = document.getElementById("large");
  const show = () => document.documentElement.classList.toggle("large", box.checked);
  try {
    box.checked = localStorage.getItem("large") === "1";
  } catch {
    return; // a browser that keeps nothing: the switch works for this page
  }
  show();
  box.addEventListener("change", () => {
    show();
    localStorage.setItem("large", box.checked ? "1" : "0");
  });
})();
