// One picture in the call, with a name and what is the matter with it.

import { element } from "./frame.js";

export class Tile {
  #video = element("video"); #doing = element("span", "doing"); #isOff = false; #hasPicture = false;

  /** @param ownName given for one's own picture alone, which is mirrored and has no sound */
  constructor(name, ownName) {
    const isSelf = ownName !== undefined;
    this.#video.autoplay = this.#video.playsInline = true;
    this.#video.muted = isSelf;
    this.element = element("figure", `tile dark${isSelf ? " self" : ""}`, this.#video,
      element("div", "initial", [...(ownName ?? name)][0]?.toUpperCase() ?? ""), element("figcaption", "", element("span", "", name), this.#doing));
    this.element.dataset.name = name;
    this.element.querySelector(".initial").setAttribute("aria-hidden", "true");
  }

  /** Plays a stream; onBlocked is called where the browser wants a click before it lets anything be heard. */
  show(stream, onBlocked = () => {}) {
    if (this.#video.srcObject !== stream) this.#video.srcObject = stream;
    const look = () => {
      this.#hasPicture = stream.getVideoTracks().some(track => !track.muted);
      this.#look();
    };
    for (const track of stream.getVideoTracks()) track.onmute = track.onunmute = look;
    stream.onaddtrack = stream.onremovetrack = look;
    look();
    this.#video.play().catch(error => {
      if (error.name !== "NotAllowedError") return;
      onBlocked();
      addEventListener("click", () => this.#video.play(), { once: true });
    });
  }

  /** A camera that is switched off sends black pictures. */
  switchOff(isOff) {
    this.#isOff = isOff;
    this.#look();
  }

  /** Shows the name's first letter where there is no picture. */
  #look() {
    this.element.classList.toggle("dark", this.#isOff || !this.#hasPicture);
  }

  tell(words, isFailed) {
    this.#doing.textContent = words;
    this.element.classList.toggle("failed", isFailed);
  }
}
