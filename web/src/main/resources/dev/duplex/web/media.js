// Camera and microphone, or the plain words why there is none.

const PICTURES = {
  normal: { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 24 } },
  small: { width: { ideal: 160 }, height: { ideal: 120 }, frameRate: { ideal: 10 } },
  none: false,
};

/** The stream, or null, and the key of the words that say what is missing. */
export async function openMedia(picture) {
  if (!navigator.mediaDevices) return { stream: null, missing: "insecure" };
  const video = PICTURES[picture];
  const both = await attempt({ audio: true, video });
  if (both.stream || both.missing !== "noDevices") return both;
  if (video) {
    const voice = await attempt({ audio: true, video: false });
    if (voice.stream) return { stream: voice.stream, missing: "noCamera" };
    const silent = await attempt({ audio: false, video });
    if (silent.stream) return { stream: silent.stream, missing: "noMicrophone" };
  }
  return both;
}

async function attempt(constraints) {
  try {
    return { stream: await navigator.mediaDevices.getUserMedia(constraints), missing: null };
  } catch (error) {
    const missing = { NotAllowedError: "notAllowed", SecurityError: "notAllowed", NotReadableError: "busy", AbortError: "busy" };
    return { stream: null, missing: missing[error.name] ?? "noDevices" };
  }
}
