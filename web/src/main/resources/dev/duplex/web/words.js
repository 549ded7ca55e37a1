// Every text of the call, in each language that the page speaks.

const WORDS = {
  en: {
    claim: "A call from browser to browser; the server only introduces them.",
    call: "Call", name: "Name", picture: "Picture", normal: "Normal", small: "Small", none: "Voice only", join: "Join", leave: "Leave",
    message: "Message", send: "Send", clear: "Clear", inside: "What is going on", signalling: "Signalling",
    insideAbout: "The signalling passes through the server, and you see it here. Sound, picture and chat do not.",
    title: "{room} · Duplex call",
    you: "You", empty: "What you all write appears here; it goes from browser to browser.",
    mute: "Mute", unmute: "Unmute", cameraOff: "Camera off", cameraOn: "Camera on",
    idle: "Not in the call", asking: "Asking for camera and microphone…", connecting: "Connecting…", open: "In the call, {count}",
    alone: "nobody else is here", one: "with one other", many: "with {count} others", lost: "Server lost, coming back…",
    waiting: "waiting", reaching: "finding a way", through: "", interrupted: "interrupted", blocked: "no way through", away: "coming back",
    arrived: "{name} has joined", left: "{name} has left", wentAway: "{name} has lost the server", cameBack: "{name} is back",
    noDevices: "No camera and no microphone were found. You can see, hear and write.",
    noCamera: "No camera was found, so the others hear you and do not see you.",
    noMicrophone: "No microphone was found, so the others see you and do not hear you.",
    notAllowed: "The browser may not use camera and microphone here. You can see, hear and write; to be seen, allow it in the address bar and join again.",
    busy: "Another program uses the camera or the microphone. You can see, hear and write.",
    insecure: "Browsers open a camera only for https or for this machine itself. You can see, hear and write.",
    noWebrtc: "This browser has no WebRTC, so it cannot make calls.",
    noWay: "No way through to {name}: neither side's network lets the other in. {help}",
    noTurn: "A TURN server would carry the call, but this server names none.",
    withTurn: "The TURN server could not be reached, or did not carry the call either.",
    tapToHear: "The browser holds the sound back: click anywhere to hear.",
    "room-full": "The room is full.", "name-taken": "Someone in the room has this name. Choose another one.",
    "bad-name": "A name is 1 to 32 characters that can be read.", "no-more-rooms": "The server has no room for another room.",
    refused: "The server refused: {message}", unreachable: "The server cannot be reached.",
    ice: "ICE", dtls: "DTLS", pair: "Way", role: "Role", frames: "Frames", echo: "Echo", restarts: "ICE restarts",
    polite: "polite: gives way", impolite: "impolite: offers first", none_yet: "none yet",
    host: "direct", srflx: "through a NAT", prflx: "through a NAT", relay: "relayed",
    framesOf: "{decoded} decoded, {width} × {height}", millis: "{millis} ms over the data channel",
    bitrate: "Bitrate", loss: "Loss", kilobits: "{value} kbit/s", percent: "{value} %",
    self: "you", everyone: "server",
  },
  ko: {
    claim: "브라우저끼리 바로 통화합니다. 서버는 서로를 소개만 합니다.",
    call: "통화", name: "이름", picture: "화면", normal: "보통", small: "작게", none: "음성만", join: "참가", leave: "나가기",
    message: "메시지", send: "보내기", clear: "지우기", inside: "지금 일어나는 일", signalling: "시그널링",
    insideAbout: "시그널링은 서버를 거치며 여기에 보입니다. 소리와 화면과 채팅은 서버를 거치지 않습니다.",
    title: "{room} · Duplex 통화",
    you: "나", empty: "주고받은 글이 여기에 나타납니다. 브라우저에서 브라우저로 바로 갑니다.",
    mute: "음소거", unmute: "음소거 해제", cameraOff: "카메라 끄기", cameraOn: "카메라 켜기",
    idle: "통화 중이 아님", asking: "카메라와 마이크를 요청하는 중…", connecting: "연결하는 중…", open: "통화 중, {count}",
    alone: "아직 혼자입니다", one: "다른 한 명과 함께", many: "다른 {count}명과 함께", lost: "서버와 끊겨 다시 연결하는 중…",
    waiting: "기다리는 중", reaching: "길을 찾는 중", through: "", interrupted: "끊김", blocked: "길이 없음", away: "돌아오는 중",
    arrived: "{name} 님이 들어왔습니다", left: "{name} 님이 나갔습니다", wentAway: "{name} 님이 서버와 끊겼습니다", cameBack: "{name} 님이 돌아왔습니다",
    noDevices: "카메라도 마이크도 없습니다. 보고 듣고 쓸 수는 있습니다.",
    noCamera: "카메라가 없어서 다른 사람은 소리만 듣습니다.",
    noMicrophone: "마이크가 없어서 다른 사람은 화면만 봅니다.",
    notAllowed: "이 페이지에서 카메라와 마이크를 쓸 수 없도록 되어 있습니다. 보고 듣고 쓸 수는 있습니다. 주소 표시줄에서 허용하고 다시 참가하세요.",
    busy: "다른 프로그램이 카메라나 마이크를 쓰고 있습니다. 보고 듣고 쓸 수는 있습니다.",
    insecure: "브라우저는 https이거나 이 컴퓨터 자신일 때만 카메라를 엽니다. 보고 듣고 쓸 수는 있습니다.",
    noWebrtc: "이 브라우저에는 WebRTC가 없어 통화할 수 없습니다.",
    noWay: "{name} 님에게 가는 길이 없습니다. 두 네트워크가 서로를 들여보내지 않습니다. {help}",
    noTurn: "TURN 서버가 있으면 통화를 중계할 수 있지만, 이 서버에는 설정되어 있지 않습니다.",
    withTurn: "TURN 서버에 닿지 못했거나, 그 서버도 통화를 중계하지 못했습니다.",
    tapToHear: "브라우저가 소리를 막고 있습니다. 아무 곳이나 누르면 들립니다.",
    "room-full": "방이 가득 찼습니다.", "name-taken": "같은 이름을 쓰는 사람이 있습니다. 다른 이름을 고르세요.",
    "bad-name": "이름은 읽을 수 있는 글자 1~32자입니다.", "no-more-rooms": "서버에 방을 더 만들 수 없습니다.",
    refused: "서버가 거절했습니다: {message}", unreachable: "서버에 닿을 수 없습니다.",
    ice: "ICE", dtls: "DTLS", pair: "경로", role: "역할", frames: "프레임", echo: "왕복", restarts: "ICE 재시작",
    polite: "polite: 양보함", impolite: "impolite: 먼저 제안함", none_yet: "아직 없음",
    host: "직접", srflx: "NAT 통과", prflx: "NAT 통과", relay: "중계",
    framesOf: "{decoded}개 디코딩, {width} × {height}", millis: "데이터 채널로 {millis} ms",
    bitrate: "비트레이트", loss: "손실", kilobits: "{value} kbit/s", percent: "{value} %",
    self: "나", everyone: "서버",
  },
};

const asked = [new URLSearchParams(location.search).get("lang"), ...navigator.languages].map(tag => tag?.slice(0, 2));
export const language = asked.find(tag => tag in WORDS) ?? "en";

/** A text in the page's language, with {values} put in. */
export function say(key, values = {}) {
  return WORDS[language][key].replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
}

/** Whether there is such a text. */
export const knows = key => key in WORDS[language];

/** Puts its words into every element that names them. */
export function translate(root = document) {
  document.documentElement.lang = language;
  for (const element of root.querySelectorAll("[data-word]")) element.textContent = say(element.dataset.word);
}
