// Every text of the pages, in each language that they speak.

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
    waiting: "waiting", reaching: "finding a way", through: "", muted: "muted", interrupted: "interrupted", blocked: "no way through", away: "coming back",
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
    refused: "The server refused: {message}",
    ice: "ICE", dtls: "DTLS", pair: "Way", role: "Role", frames: "Frames", echo: "Echo", restarts: "ICE restarts",
    polite: "polite: gives way", impolite: "impolite: offers first", none_yet: "none yet",
    host: "direct", srflx: "through a NAT", prflx: "through a NAT", relay: "relayed",
    framesOf: "{decoded} decoded, {width} × {height}", millis: "{millis} ms over the data channel",
    bitrate: "Bitrate", loss: "Loss", kilobits: "{value} kbit/s", percent: "{value} %",
    self: "you",
    // the page
    pageClaim: "A WebSocket, and what it says on the wire.", videoCall: "Video call", lab: "Lab", conversation: "Conversation", whom: "Whom to talk to",
    echoEnd: "Echo", room: "Room", time: "Time", connect: "Connect", disconnect: "Disconnect", kind: "Kind of message", text: "Text", hex: "Hex", file: "File",
    hexBytes: "Bytes in hex", messages: "Messages", onTheWire: "On the wire", passed: "What passed on the wire",
    wireAbout: "Browsers hide frames, so the server tells of them. Connect, then choose a frame to see its header.",
    noScript: "This page is a WebSocket client, so it needs JavaScript.", emptyList: "What you send and receive appears here.",
    echoAbout: "The server sends back every message.",
    roomAbout: "What one says, all others in the room hear. Open this page in a second tab to talk to yourself.",
    timeAbout: "The server sends the time each second; nobody asks it to.",
    notConnected: "Not connected", connectingTo: "Connecting…", connectedTo: "Connected to {path}", noteConnected: "connected to {path}",
    closed: "Closed: {words}", noteClosed: "closed: {words}",
    "1000": "normal closure", "1001": "going away", "1002": "protocol error", "1003": "unsupported data", "1005": "no code given", "1006": "connection lost",
    "1007": "invalid payload", "1008": "policy violation", "1009": "message too big", "1011": "internal error", "1012": "service restart",
    "1013": "try again later", otherCode: "application code",
    fileFirst: "Choose a file first.", notConnectedNow: "Not connected.", badHex: "Bytes in hex are pairs of the digits 0–9 and a–f, such as 00 ff 68 69.",
    sentMark: "↑ sent", receivedMark: "↓ received", isText: "text, {size}", isBinary: "binary, {size}", roundTrip: "round trip {millis} ms",
    emptyMessage: "an empty message", moreCharacters: "… {count} more characters", moreBytes: "… {count} more bytes", oneByte: "1 byte", bytes: "{count} bytes",
    nobodyTells: "Nothing is shown here: the server does not tell what passes on the wire.",
    handshake: "Opening handshake", asks: "↑ the browser asks", answers: "↓ the server answers",
    moreFollows: "more follows", compressed: "compressed", masked: "masked", rowSent: "sent: {name}, {size}", rowReceived: "received: {name}, {size}",
    "by browser": "Closed by the browser: {words}", "by server": "Closed by the server: {words}", "by network": "Closed by the network: {words}", notClean: ", not clean",
    missed: "{count} more that passed too fast to be told", oneFrame: "1 frame, {size}", framesSum: "{count} frames, {size}",
    "opcode 0": "the message that began before goes on", "opcode 1": "a text message begins; its payload is UTF-8", "opcode 2": "a binary message begins",
    "opcode 8": "the closing handshake; the payload is a code and a reason", "opcode 9": "are you there? The other end answers with a Pong",
    "opcode 10": "the answer to a Ping, with the same payload", "opcode other": "reserved; whoever receives it must fail",
    capOpcode: "opcode", capLength: "length", capMore: "length, the next {bytes} bytes, in hex", capKey: "masking key: 4 random bytes",
    capPayload: "payload", capMasked: "payload, each byte XORed with the key",
    fin1: "1: the message ends with this frame", fin0: "0: the message goes on in the next frame",
    rsv1: "1: the message is compressed (RFC 7692)", rsv0: "0: not compressed", mask1: "1: masked, as everything from a client",
    mask0: "0: not masked, as everything from a server", realLength: "{seven}: the real length, {length}, is in the next {bytes} bytes",
    inAll: "in all", sum: "{header} of header, {payload} of payload",
    // the lab
    labTitle: "Duplex lab", labClaim: "The same messages over four carriers, side by side.", home: "Conversation page", rate: "Messages a second", messageSize: "Bytes of a message",
    start: "Start", stop: "Stop", running: "Running", stopped: "Not running", settings: "What is sent",
    labAbout: "The server sends each carrier the same feed. Move the sliders while it runs and see what each carrier makes of it.",
    polling: "Polling", longPolling: "Long polling", streaming: "Streaming", websocket: "WebSocket",
    pollingAbout: "A request each second, answered at once.", longPollingAbout: "A request that the server holds until there is something.",
    streamingAbout: "One response that never ends.", websocketAbout: "One connection, both ways.",
    labMessages: "Messages", labRequests: "Requests", labBytes: "Bytes both ways", perMessage: "Bytes for each message", latencyMedian: "Latency, median", latencyP99: "Latency, p99",
    bytesRate: "Bytes a second", latencyPlot: "Latency", perSecondBytes: "{size}/s", labMillis: "{millis} ms", labLost: "The connection was lost: {why}", nothingYet: "–",
    labNote: "Heads of HTTP count as this browser sends them, told by the server; a WebSocket counts its handshake and frame headers. Headers of TCP and IP are left out.",
    labMore: "In a terminal, {command} measures packets and processor time too, and other directions.", noScriptLab: "The lab measures from within the browser, so it needs JavaScript.",
    // TCP or UDP
    lossTitle: "TCP or UDP", lossClaim: "TCP for messages, UDP for media: what each makes of a network that loses packets.",
    lossAbout: "Each message goes over all three at the same moment, and comes back from the other end. A dot is one message: from left to right when it was sent, upwards how long it was under way. A red mark below is one that never came.",
    socketAbout: "TCP: everything arrives, in order. One lost packet holds back all that come after it, until it was sent again.",
    reliable: "Reliable data channel", reliableAbout: "SCTP over UDP, set to what TCP does: for chat, files, and whatever must not be missing.",
    unreliable: "Unreliable data channel", unreliableAbout: "maxRetransmits: 0, unordered. What is lost stays lost, and the next one does not wait for it: right for media and games.",
    lossSent: "Sent", lossArrived: "Arrived", lossLost: "Lost", lossReordered: "Out of order", roundMedian: "Round trip, median", roundP99: "Round trip, p99", roundPlot: "Round trip of each message, last {seconds} s",
    lossHow: "How to lose packets",
    lossHowAbout: "A browser cannot drop packets, and this machine alone hardly ever does: then all three look alike. This command, given where ./duplex is, makes a network of its own on Linux, in which one packet in ten is lost, with a server and a browser inside. Nothing else on the machine is touched.",
    lossHowNot: "It wants iproute2, nftables and Chromium. If it says 'Operation not permitted', users may not make networks here: put sudo before it. Where that fails too, as in most containers, no loss can be made.",
    lossNone: "Nothing has been lost so far: this network loses no packets, and so all three look alike. Further below is how to change that.",
    lossNote: "Both ends of the data channels are in this page, and the WebSocket goes to the server: it is the same network only if the server is on this machine. A message that has not come after 3 seconds counts as lost; if it comes yet, it does not.",
    lossNoWebrtc: "This browser has no WebRTC, so there are no data channels.", lossNoWay: "This page found no way to itself. A browser hides the machine's addresses from a page that may not use the microphone: allow it, or connect the machine to a network. Nothing is recorded.",
    lossAllow: "Allow the microphone and try again",
    lossNoMicrophone: "The browser gave no microphone ({why}), and so named no address.",
    lossNoServer: "The server's echo cannot be reached.", lossClosed: "closed",
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
    waiting: "기다리는 중", reaching: "길을 찾는 중", through: "", muted: "음소거", interrupted: "끊김", blocked: "길이 없음", away: "돌아오는 중",
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
    refused: "서버가 거절했습니다: {message}",
    ice: "ICE", dtls: "DTLS", pair: "경로", role: "역할", frames: "프레임", echo: "왕복", restarts: "ICE 재시작",
    polite: "polite: 양보함", impolite: "impolite: 먼저 제안함", none_yet: "아직 없음",
    host: "직접", srflx: "NAT 통과", prflx: "NAT 통과", relay: "중계",
    framesOf: "{decoded}개 디코딩, {width} × {height}", millis: "데이터 채널로 {millis} ms",
    bitrate: "비트레이트", loss: "손실", kilobits: "{value} kbit/s", percent: "{value} %",
    self: "나",
    // 첫 페이지
    pageClaim: "WebSocket, 그리고 회선 위를 오가는 것들.", videoCall: "화상 통화", lab: "실험실", conversation: "대화", whom: "대화 상대",
    echoEnd: "에코", room: "방", time: "시각", connect: "연결", disconnect: "연결 끊기", kind: "메시지 종류", text: "텍스트", hex: "16진수", file: "파일",
    hexBytes: "16진수 바이트", messages: "메시지 목록", onTheWire: "회선 위", passed: "회선을 지나간 것",
    wireAbout: "브라우저는 프레임을 숨기므로 서버가 알려 줍니다. 연결한 뒤 프레임을 고르면 헤더를 볼 수 있습니다.",
    noScript: "이 페이지는 WebSocket 클라이언트이므로 JavaScript가 필요합니다.", emptyList: "보내고 받은 메시지가 여기에 나타납니다.",
    echoAbout: "서버가 모든 메시지를 그대로 되돌려 보냅니다.",
    roomAbout: "한 사람이 보낸 메시지를 방의 다른 모두가 받습니다. 새 탭에서 이 페이지를 열면 자신과 대화할 수 있습니다.",
    timeAbout: "요청하지 않아도 서버가 매초 시각을 보냅니다.",
    notConnected: "연결되지 않음", connectingTo: "연결하는 중…", connectedTo: "{path}에 연결됨", noteConnected: "{path}에 연결되었습니다",
    closed: "닫힘: {words}", noteClosed: "닫혔습니다: {words}",
    "1000": "정상 종료", "1001": "상대가 떠남", "1002": "프로토콜 오류", "1003": "지원하지 않는 데이터", "1005": "코드 없음", "1006": "연결 끊김",
    "1007": "잘못된 페이로드", "1008": "정책 위반", "1009": "너무 큰 메시지", "1011": "내부 오류", "1012": "서비스 재시작",
    "1013": "나중에 다시 시도", otherCode: "애플리케이션 코드",
    fileFirst: "먼저 파일을 고르세요.", notConnectedNow: "연결되어 있지 않습니다.", badHex: "16진수 바이트는 0–9와 a–f 두 자리씩입니다. 예: 00 ff 68 69",
    sentMark: "↑ 보냄", receivedMark: "↓ 받음", isText: "텍스트, {size}", isBinary: "바이너리, {size}", roundTrip: "왕복 {millis} ms",
    emptyMessage: "빈 메시지", moreCharacters: "… {count}자 더", moreBytes: "… {count}바이트 더", oneByte: "1바이트", bytes: "{count}바이트",
    nobodyTells: "여기에는 아무것도 나타나지 않습니다. 서버가 회선을 지나가는 것을 알려 주지 않습니다.",
    handshake: "여는 핸드셰이크", asks: "↑ 브라우저의 요청", answers: "↓ 서버의 응답",
    moreFollows: "뒤에 더 있음", compressed: "압축됨", masked: "마스킹됨", rowSent: "보냄: {name}, {size}", rowReceived: "받음: {name}, {size}",
    "by browser": "브라우저가 닫음: {words}", "by server": "서버가 닫음: {words}", "by network": "네트워크가 끊음: {words}", notClean: ", 비정상",
    missed: "너무 빨리 지나가 알리지 못한 것 {count}개", oneFrame: "프레임 1개, {size}", framesSum: "프레임 {count}개, {size}",
    "opcode 0": "앞에서 시작한 메시지가 이어집니다", "opcode 1": "텍스트 메시지의 시작. 페이로드는 UTF-8입니다", "opcode 2": "바이너리 메시지의 시작",
    "opcode 8": "닫는 핸드셰이크. 페이로드는 코드와 이유입니다", "opcode 9": "살아 있는지 묻습니다. 상대는 Pong으로 답합니다",
    "opcode 10": "Ping에 대한 답. 페이로드가 같습니다", "opcode other": "예약됨. 받은 쪽은 연결을 실패시켜야 합니다",
    capOpcode: "옵코드", capLength: "길이", capMore: "길이, 다음 {bytes}바이트(16진수)", capKey: "마스킹 키: 무작위 4바이트",
    capPayload: "페이로드", capMasked: "페이로드, 각 바이트를 키와 XOR",
    fin1: "1: 이 프레임으로 메시지가 끝납니다", fin0: "0: 메시지가 다음 프레임으로 이어집니다",
    rsv1: "1: 메시지가 압축되어 있습니다(RFC 7692)", rsv0: "0: 압축되지 않음", mask1: "1: 마스킹됨. 클라이언트가 보내는 모든 프레임이 그렇습니다",
    mask0: "0: 마스킹되지 않음. 서버가 보내는 모든 프레임이 그렇습니다", realLength: "{seven}: 실제 길이 {length}은(는) 다음 {bytes}바이트에 있습니다",
    inAll: "합계", sum: "헤더 {header}, 페이로드 {payload}",
    // 실험실
    labTitle: "Duplex 실험실", labClaim: "같은 메시지를 네 가지 전송 방식으로 나란히 보냅니다.", home: "대화 페이지", rate: "초당 메시지 수", messageSize: "메시지 크기(바이트)",
    start: "시작", stop: "정지", running: "실행 중", stopped: "멈춤", settings: "보내는 내용",
    labAbout: "서버가 각 전송 방식에 같은 피드를 보냅니다. 실행 중에 슬라이더를 움직이면 전송 방식마다 어떻게 달라지는지 볼 수 있습니다.",
    polling: "폴링", longPolling: "롱 폴링", streaming: "스트리밍", websocket: "WebSocket",
    pollingAbout: "1초마다 요청하고 바로 응답을 받습니다.", longPollingAbout: "보낼 것이 생길 때까지 서버가 요청을 붙잡고 있습니다.",
    streamingAbout: "끝나지 않는 응답 하나로 받습니다.", websocketAbout: "연결 하나로 양방향 통신을 합니다.",
    labMessages: "메시지", labRequests: "요청", labBytes: "양방향 바이트", perMessage: "메시지당 바이트", latencyMedian: "지연 시간(중앙값)", latencyP99: "지연 시간(p99)",
    bytesRate: "초당 바이트", latencyPlot: "지연 시간", perSecondBytes: "초당 {size}", labMillis: "{millis} ms", labLost: "연결이 끊어졌습니다: {why}", nothingYet: "–",
    labNote: "HTTP 헤더는 이 브라우저가 실제로 보낸 크기를 서버가 알려 준 값입니다. WebSocket은 핸드셰이크와 프레임 헤더까지 셉니다. TCP와 IP 헤더는 제외합니다.",
    labMore: "터미널에서 {command} 명령을 쓰면 패킷 수, CPU 시간, 다른 방향까지 측정합니다.", noScriptLab: "실험실은 브라우저 안에서 측정하므로 JavaScript가 필요합니다.",
    // TCP와 UDP
    lossTitle: "TCP와 UDP", lossClaim: "메시지에는 TCP, 미디어에는 UDP. 패킷을 잃는 네트워크에서 어떻게 달라지는지 봅니다.",
    lossAbout: "같은 메시지를 같은 순간에 세 가지 방식으로 보내고, 상대가 되돌려 보냅니다. 점 하나가 메시지 하나입니다. 오른쪽일수록 나중에 보낸 것이고, 위쪽일수록 오래 걸린 것입니다. 아래의 빨간 표시는 끝내 오지 않은 메시지입니다.",
    socketAbout: "TCP는 모두, 순서대로 전달합니다. 패킷 하나를 잃으면 다시 보낼 때까지 뒤의 모든 것이 기다립니다.",
    reliable: "신뢰성 있는 데이터 채널", reliableAbout: "UDP 위의 SCTP를 TCP처럼 쓰는 설정입니다. 채팅이나 파일처럼 빠지면 안 되는 것에 맞습니다.",
    unreliable: "신뢰성 없는 데이터 채널", unreliableAbout: "maxRetransmits: 0, 순서 없음. 잃은 것은 잃은 채로 두고 다음 것이 기다리지 않습니다. 미디어와 게임에 맞습니다.",
    lossSent: "보냄", lossArrived: "도착", lossLost: "손실", lossReordered: "순서 바뀜", roundMedian: "왕복 시간(중앙값)", roundP99: "왕복 시간(p99)", roundPlot: "메시지마다의 왕복 시간, 최근 {seconds}초",
    lossHow: "패킷을 잃게 하는 방법",
    lossHowAbout: "브라우저는 패킷을 버릴 수 없고, 이 컴퓨터 안에서는 거의 잃지 않으므로 셋이 비슷해 보입니다. ./duplex가 있는 곳에서 이 명령을 실행하면 Linux에서 패킷 열 개 중 하나를 잃는 별도의 네트워크를 만들고 그 안에서 서버와 브라우저를 띄웁니다. 컴퓨터의 다른 것은 건드리지 않습니다.",
    lossHowNot: "iproute2, nftables, Chromium이 필요합니다. 'Operation not permitted'라고 나오면 일반 사용자는 네트워크를 만들 수 없는 시스템입니다. 앞에 sudo를 붙이세요. 대부분의 컨테이너처럼 그래도 안 되는 곳에서는 손실을 만들 수 없습니다.",
    lossNone: "아직 아무것도 잃지 않았습니다. 이 네트워크는 패킷을 잃지 않으므로 셋이 비슷해 보입니다. 아래에 손실을 만드는 방법이 있습니다.",
    lossNote: "데이터 채널의 양쪽 끝은 모두 이 페이지 안에 있고 WebSocket은 서버로 갑니다. 서버가 이 컴퓨터에 있을 때만 같은 네트워크입니다. 3초가 지나도 오지 않은 메시지는 손실로 세고, 나중에 도착하면 손실에서 뺍니다.",
    lossNoWebrtc: "이 브라우저에는 WebRTC가 없어 데이터 채널을 쓸 수 없습니다.", lossNoWay: "이 페이지에서 자신에게 가는 길을 찾지 못했습니다. 마이크를 쓸 수 없는 페이지에는 브라우저가 컴퓨터의 주소를 숨깁니다. 마이크를 허용하거나 컴퓨터를 네트워크에 연결하세요. 녹음은 하지 않습니다.",
    lossAllow: "마이크를 허용하고 다시 시도",
    lossNoMicrophone: "브라우저가 마이크를 주지 않아({why}) 주소도 알려 주지 않았습니다.",
    lossNoServer: "서버의 에코에 연결할 수 없습니다.", lossClosed: "닫힘",
  },
};

const KEY = "duplex-language";

function kept() {
  try { return localStorage.getItem(KEY); } catch { return null; } // a browser may forbid it
}

const asked = [new URLSearchParams(location.search).get("lang"), kept(), ...navigator.languages].map(tag => tag?.slice(0, 2));
export const language = asked.find(tag => tag in WORDS) ?? "en";

/** A text in the page's language, with {values} put in. */
export function say(key, values = {}) {
  return WORDS[language][key].replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
}

/** Whether there is such a text. */
export const knows = key => key in WORDS[language];

/** Puts its words into every element that names them, and a switch to the other language into the header. */
export function translate(root = document) {
  document.documentElement.lang = language;
  for (const element of root.querySelectorAll("[data-word]")) element.textContent = say(element.dataset.word);
  for (const element of root.querySelectorAll("[data-word-hint]")) element.placeholder = say(element.dataset.wordHint);
  for (const element of root.querySelectorAll("[data-word-label]")) element.setAttribute("aria-label", say(element.dataset.wordLabel));
  for (const element of root.querySelectorAll("[data-word-empty]")) element.dataset.empty = say(element.dataset.wordEmpty);
  for (const button of root.querySelectorAll("[data-language]")) offer(button);
}

/** A button that names the other language, in that language; what was chosen is remembered. */
function offer(button) {
  const other = language === "en" ? "ko" : "en";
  button.lang = other;
  button.textContent = other === "en" ? "English" : "한국어";
  button.hidden = false;
  button.onclick = () => {
    try { localStorage.setItem(KEY, other); } catch { /* then the address alone remembers */ }
    const address = new URL(location.href);
    if (kept() === other) address.searchParams.delete("lang");
    else address.searchParams.set("lang", other);
    if (address.href === location.href) location.reload();
    else location.assign(address);
  };
}
