// The language is the one chosen before, else the browser's; the two pages are chosen by the address's fragment.
const root = document.documentElement;
const kept = () => { try { return localStorage.getItem("duplex-language"); } catch { return null; } };
function speak(language) {
  root.dataset.lang = root.lang = language;
  for (const button of document.querySelectorAll(".langs button")) button.setAttribute("aria-pressed", String(button.lang === language));
  document.title = document.querySelector(`#lab-name .${language}`).textContent;
}
for (const button of document.querySelectorAll(".langs button")) {
  button.onclick = () => {
    try { localStorage.setItem("duplex-language", button.lang); } catch { /* then it holds for this visit */ }
    speak(button.lang);
  };
}
speak(["en", "ko"].includes(kept()) ? kept() : navigator.language.toLowerCase().startsWith("ko") ? "ko" : "en");
function turn() {
  const pages = [...document.querySelectorAll(".page")];
  const shown = pages.find(page => `#${page.id}` === location.hash) ?? pages[0];
  for (const page of pages) page.hidden = page !== shown;
  for (const link of document.querySelectorAll("nav a")) {
    if (link.hash === `#${shown.id}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}
addEventListener("hashchange", () => { turn(); scrollTo(0, 0); });
turn();
