// The least code that makes a call: what the app's set-up times are measured against, and what the
// harness proves itself with. `?role=caller|callee&mode=pre|cold&room=…`
(() => {
  const query = new URLSearchParams(location.search);
  const pre = query.get("mode") === "pre";
  const byId = (id) => document.getElementById(id);
  const status = (text) => { byId("status").textContent = text; };
  // What the app asks for.
  const audio = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  const MEDIA = { audio, video: { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } } };

  const socket = new WebSocket(`ws://${location.host}/__bare/ws${location.search}`);
  const send = (message) => socket.send(JSON.stringify(message));
  let peer = null;
  let channel = null;
  let pending = [];
  let own = null;
  let remote = null;
  let answered = false;

  const capture = () => (own ??= navigator.mediaDevices.getUserMedia(MEDIA).then((stream) => {
    byId("own").srcObject = stream;
    return stream;
  }));
  const attach = async () => {
    const stream = await capture();
    for (const transceiver of peer?.getTransceivers() ?? []) {
      const kind = transceiver.receiver.track.kind;
      const track = stream.getTracks().find((t) => t.kind === kind);
      if (track) await transceiver.sender.replaceTrack(track);
    }
  };
  const show = () => {
    if (remote && answered) byId("remote").srcObject = remote;
  };

  const connect = () => {
    peer = new RTCPeerConnection({ bundlePolicy: "max-bundle" });
    channel = peer.createDataChannel("bare", { negotiated: true, id: 0 });
    channel.onmessage = ({ data }) => receive[data]();
    remote = new MediaStream();
    peer.ontrack = ({ track }) => {
      remote.addTrack(track);
      show();
    };
    let batch = [];
    peer.onicecandidate = ({ candidate }) => {
      if (!candidate || !candidate.candidate) return;
      if (batch.length === 0) {
        setTimeout(() => {
          send({ kind: "candidates", candidates: batch });
          batch = [];
        }, 10);
      }
      batch.push(candidate.toJSON());
    };
    peer.onconnectionstatechange = () => status(peer.connectionState);
  };
  const offer = async () => {
    connect();
    peer.addTransceiver("audio", { direction: "sendrecv" });
    peer.addTransceiver("video", { direction: "sendrecv" });
    if (!pre) attach();
    await peer.setLocalDescription();
    send({ kind: "offer", sdp: peer.localDescription.sdp });
  };
  const flush = async () => {
    for (const candidate of pending.splice(0)) await peer.addIceCandidate(candidate);
  };

  const receive = {
    ring: () => { byId("answer").hidden = false; },
    accept: () => {
      if (!pre) offer();
      else if (!answered) attach();
      answered = true;
      show();
    },
    offer: async ({ sdp }) => {
      if (pre) byId("answer").hidden = false;
      connect();
      await peer.setRemoteDescription({ type: "offer", sdp });
      for (const transceiver of peer.getTransceivers()) transceiver.direction = "sendrecv";
      if (!pre) attach();
      await peer.setLocalDescription();
      send({ kind: "answer", sdp: peer.localDescription.sdp });
      await flush();
    },
    answer: async ({ sdp }) => {
      await peer.setRemoteDescription({ type: "answer", sdp });
      await flush();
    },
    candidates: async ({ candidates }) => {
      pending.push(...candidates);
      if (peer?.remoteDescription) await flush();
    },
    bye: () => hangUp(),
  };
  let order = Promise.resolve();
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(data);
    order = order.then(() => receive[message.kind](message));
  };
  const hangUp = () => {
    peer?.close();
    peer = null;
    own?.then((stream) => stream.getTracks().forEach((track) => track.stop()));
    own = null;
    remote = null;
    answered = false;
    pending = [];
    byId("remote").srcObject = null;
    byId("own").srcObject = null;
    byId("answer").hidden = true;
    status("over");
  };

  byId("call").onclick = async () => {
    await capture();
    if (pre) await offer();
    else send({ kind: "ring" });
    status("ringing");
  };
  byId("answer").onclick = () => {
    answered = true;
    byId("answer").hidden = true;
    if (pre && channel.readyState === "open") channel.send("accept");
    send({ kind: "accept" });
    if (pre) attach();
    else capture();
    show();
  };
  byId("leave").onclick = () => {
    send({ kind: "bye" });
    hangUp();
  };
  socket.onopen = () => status("ready");
})();
