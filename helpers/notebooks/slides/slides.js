// One slide at a time. Arrow keys, Page keys (a presenter's clicker sends these), Space, Home, End;
// F for the full screen. A slide that is too full gets smaller letters, down to a size that the
// last row can read, then a smaller picture; what is still too long is scrolled, and the foot of
// the page says so.
const slides = [...document.querySelectorAll(".slide")];
const [all, more] = [document.querySelector("#all"), document.querySelector("#more")];
const LARGEST = 26, SMALLEST = 20; // pixels on a screen of 1280 by 720
let now = 0;

function below(slide) {
  return slide.scrollHeight - slide.clientHeight - slide.scrollTop;
}

function tell() {
  more.hidden = below(slides[now]) < 4;
}

function fit(slide) {
  const screen = Math.min(innerWidth / 1280, innerHeight / 720);
  for (const picture of ["60vh", "50vh", "42vh"]) {
    slide.style.setProperty("--picture", picture);
    for (let size = LARGEST; size >= SMALLEST; size--) {
      slide.style.fontSize = size * screen + "px";
      if (slide.scrollHeight <= slide.clientHeight) return;
    }
  }
}

function show(number) {
  slides[now].classList.remove("now");
  now = Math.min(Math.max(number, 0), slides.length - 1);
  slides[now].classList.add("now");
  fit(slides[now]);
  slides[now].scrollTop = 0;
  slides[now].focus({ preventScroll: true });
  all.value = now;
  history.replaceState(null, "", "#" + (now + 1));
  tell();
}

function forth() {
  const slide = slides[now];
  if (below(slide) >= 4) slide.scrollBy(0, 0.8 * slide.clientHeight);
  else show(now + 1);
}

function back() {
  const slide = slides[now];
  if (slide.scrollTop > 0) slide.scrollBy(0, -0.8 * slide.clientHeight);
  else show(now - 1);
}

const KEYS = {
  ArrowRight: () => show(now + 1), ArrowLeft: () => show(now - 1),
  PageDown: forth, PageUp: back, " ": forth,
  Home: () => show(0), End: () => show(slides.length - 1),
  f: () => document.fullscreenElement
    ? document.exitFullscreen() : document.documentElement.requestFullscreen(),
};

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target === all) return;
  if (event.target.tagName === "BUTTON" && event.key === " ") return; // it presses the button
  const act = event.key === " " && event.shiftKey ? back : KEYS[event.key];
  if (act) { event.preventDefault(); act(); }
});
slides.forEach((slide, place) => {
  slide.addEventListener("scroll", tell);
  all.add(new Option(`${place + 1} / ${slides.length}  ${slide.getAttribute("aria-label")}`, place));
});
all.addEventListener("change", () => show(Number(all.value)));
document.querySelector("#back").addEventListener("click", back);
document.querySelector("#next").addEventListener("click", forth);
addEventListener("hashchange", () => show(Number(location.hash.slice(1)) - 1 || 0));
addEventListener("resize", () => { fit(slides[now]); tell(); });
document.documentElement.classList.add("shown");
show(Number(location.hash.slice(1)) - 1 || 0);
