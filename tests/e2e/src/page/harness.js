// Runs before the app's first line, in pages that came through the harness's front. It watches; it
// changes nothing that the app could notice.
(() => {
  if (window.__harness) return;

  const log = [];
  const describe = (value) => {
    if (typeof value === "string") return value;
    if (value instanceof Error) return `${value.name}: ${value.message}\n${value.stack ?? ""}`;
    try {
      return JSON.stringify(value) ?? String(value);
    } catch {
      return String(value);
    }
  };
  const note = (level, ...parts) => {
    log.push({ level, at: Date.now(), path: location.pathname, text: parts.map(describe).join(" ") });
  };
  for (const level of ["error", "warn", "info", "log", "debug"]) {
    const native = console[level];
    console[level] = function (...parts) {
      note(level, ...parts);
      native.apply(console, parts);
    };
  }
  addEventListener("error", (event) => note("error", "uncaught:", event.error ?? event.message), true);
  addEventListener("unhandledrejection", (event) => note("error", "unhandled rejection:", event.reason));
  addEventListener("securitypolicyviolation", (event) =>
    note("error", "content security policy:", event.violatedDirective, event.blockedURI));
  addEventListener("pagehide", () => {
    if (log.length > 0) navigator.sendBeacon("/__harness/log", JSON.stringify(log.splice(0)));
  });

  // Connections.
  const peers = [];
  const channels = [];
  const closings = new WeakMap();
  const remoteTracks = new Set();
  const NativePeer = window.RTCPeerConnection;
  window.RTCPeerConnection = new Proxy(NativePeer, {
    construct(target, args, newTarget) {
      const peer = Reflect.construct(target, args, newTarget);
      peers.push(peer);
      const create = peer.createDataChannel;
      peer.createDataChannel = function (...options) {
        const channel = create.apply(this, options);
        channels.push(channel);
        return channel;
      };
      const close = peer.close;
      closings.set(peer, new Promise((_, refuse) => {
        peer.close = function () {
          close.call(this);
          refuse(new Error("closed"));
        };
      }));
      closings.get(peer).catch(() => {});
      peer.addEventListener("track", (event) => remoteTracks.add(event.track.id));
      return peer;
    },
  });

  // Firefox never answers for a connection that is closed meanwhile.
  const statsOf = (peer) => Promise.race([peer.getStats(), closings.get(peer)]);
  const kindOf = (report) => report.kind ?? report.mediaType;
  const sample = async (peer, index) => {
    const result = {
      index, connection: peer.connectionState, ice: peer.iceConnectionState, signaling: peer.signalingState,
      inbound: [], outbound: [], remote: null,
    };
    if (peer.signalingState === "closed") return result;
    let reports;
    try {
      reports = await statsOf(peer);
    } catch {
      return { ...result, connection: peer.connectionState, signaling: peer.signalingState };
    }
    for (const report of reports.values()) {
      if (report.type === "inbound-rtp") {
        result.inbound.push({
          kind: kindOf(report), packets: report.packetsReceived ?? 0,
          bytes: report.bytesReceived ?? 0, frames: report.framesDecoded ?? 0,
          width: report.frameWidth ?? 0, codec: reports.get(report.codecId)?.mimeType ?? "",
        });
      } else if (report.type === "outbound-rtp") {
        result.outbound.push({
          kind: kindOf(report), packets: report.packetsSent ?? 0, bytes: report.bytesSent ?? 0,
          frames: report.framesEncoded ?? 0,
          width: report.frameWidth ?? 0, codec: reports.get(report.codecId)?.mimeType ?? "",
        });
      } else if (report.type === "candidate-pair" && report.state === "succeeded" && report.nominated) {
        const remote = reports.get(report.remoteCandidateId);
        const address = remote?.address ?? remote?.ip ?? "";
        if (address) result.remote = `${address.includes(":") ? `[${address}]` : address}:${remote.port}`;
      }
    }
    return result;
  };
  const raw = async (peer) => {
    const out = { connection: peer.connectionState, ice: peer.iceConnectionState, reports: [] };
    try {
      for (const report of (await statsOf(peer)).values()) out.reports.push(report);
    } catch (error) {
      out.error = String(error);
    }
    return out;
  };

  // What keeps the screen on.
  const awake = new Set();
  if (window.WakeLock) {
    const ask = WakeLock.prototype.request;
    WakeLock.prototype.request = async function (...what) {
      const lock = await ask.apply(this, what);
      awake.add(lock);
      lock.addEventListener("release", () => awake.delete(lock));
      return lock;
    };
  }

  // Sockets that have heard from the server. Nobody can call before that.
  const heard = new Set();
  window.WebSocket = new Proxy(window.WebSocket, {
    construct(target, args, newTarget) {
      const socket = Reflect.construct(target, args, newTarget);
      socket.addEventListener("message", () => heard.add(socket), { once: true });
      return socket;
    },
  });

  // Own camera and microphone: every track that ever was.
  const tracks = [];
  const captures = [];
  let screen = null;
  let drawn = null;
  // Devices that are pulled out: the list has them no longer, and whoever asks for them gets others.
  const gone = new Set();
  const hidden = new Set();
  const withoutGone = (asked) => {
    const left = { ...asked };
    for (const kind of ["audio", "video"]) {
      const wanted = left[kind]?.deviceId;
      if (gone.has(wanted?.exact)) throw new OverconstrainedError("deviceId");
      if (gone.has(wanted)) left[kind] = { ...left[kind], deviceId: undefined };
    }
    return left;
  };
  const keep = (track) => {
    tracks.push(track);
    return track;
  };
  const capture = (name) => {
    const native = MediaDevices.prototype[name];
    if (!native) return;
    MediaDevices.prototype[name] = async function (asked) {
      const constraints = name === "getUserMedia" ? withoutGone(asked) : asked;
      const entry = { name, constraints, error: null };
      captures.push(entry);
      try {
        const stream = await native.call(this, constraints);
        stream.getTracks().forEach(keep);
        if (name === "getDisplayMedia") screen = stream.getVideoTracks()[0];
        return stream;
      } catch (error) {
        entry.error = error.name;
        throw error;
      }
    };
  };
  if (window.MediaDevices) {
    capture("getUserMedia");
    capture("getDisplayMedia");
    const list = MediaDevices.prototype.enumerateDevices;
    MediaDevices.prototype.enumerateDevices = async function () {
      return (await list.call(this)).filter(({ deviceId, label }) => !gone.has(deviceId) && !hidden.has(label));
    };
    const cloneTrack = MediaStreamTrack.prototype.clone;
    MediaStreamTrack.prototype.clone = function () {
      return keep(cloneTrack.call(this));
    };
    const cloneStream = MediaStream.prototype.clone;
    MediaStream.prototype.clone = function () {
      const copy = cloneStream.call(this);
      copy.getTracks().forEach(keep);
      return copy;
    };
  }

  // What is heard: the first and the last pitch of every sound that was played; and notices of the system.
  const notes = [];
  const notices = [];
  const sounds = new Map();
  // From how often the samples go up through zero within a tenth of a second.
  const pitch = (samples, from) => {
    const ups = [];
    for (let at = from + 1; at < from + 1600; at += 1) {
      const [before, now] = [samples[at - 1], samples[at]];
      if (before < 0 && now >= 0) ups.push(at - now / (now - before));
    }
    return Math.round(((ups.length - 1) * 16000) / (ups.at(-1) - ups[0]));
  };
  const pitches = async (file) => {
    const samples = new Int16Array((await file.arrayBuffer()).slice(44));
    return [pitch(samples, 0), pitch(samples, samples.length - 1600)];
  };
  const address = URL.createObjectURL;
  URL.createObjectURL = function (file) {
    const url = address.call(this, file);
    if (file.type === "audio/wav") sounds.set(url, pitches(file));
    return url;
  };
  const play = HTMLMediaElement.prototype.play;
  HTMLMediaElement.prototype.play = function () {
    const played = play.call(this);
    const heard = sounds.get(this.src);
    if (heard) played.then(async () => notes.push(...(await heard)), () => {});
    return played;
  };
  if (window.Notification) {
    window.Notification = new Proxy(window.Notification, {
      construct(target, args, newTarget) {
        const notice = Reflect.construct(target, args, newTarget);
        const seen = { title: args[0], state: "asked for" };
        notices.push(seen);
        notice.addEventListener("show", () => { seen.state = "shown"; });
        notice.addEventListener("close", () => { seen.state = "gone"; });
        seen.click = () => notice.dispatchEvent(new Event("click"));
        return notice;
      },
    });
  }

  // What is shown: frames of remote tracks as the compositor presents them, and the last click.
  const shown = { click: null, clicked: null, first: null, count: 0, last: null, worstGap: 0 };
  addEventListener("click", (event) => {
    const control = event.target.closest?.("button, a, [role]") ?? event.target;
    shown.click = event.timeStamp;
    shown.clicked = control.getAttribute("aria-label") ?? control.textContent.trim();
    shown.first = null;
    shown.count = 0;
    shown.last = null;
    shown.worstGap = 0;
  }, true);
  const watched = new WeakSet();
  const watch = (video) => {
    if (watched.has(video) || !video.requestVideoFrameCallback) return;
    watched.add(video);
    const frame = (now) => {
      const remote = video.srcObject?.getVideoTracks?.().some((track) => remoteTracks.has(track.id));
      if (remote) {
        shown.first ??= now;
        if (shown.last !== null) shown.worstGap = Math.max(shown.worstGap, now - shown.last);
        shown.last = now;
        shown.count += 1;
      }
      video.requestVideoFrameCallback(frame);
    };
    video.requestVideoFrameCallback(frame);
  };
  const source = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, "srcObject");
  Object.defineProperty(HTMLMediaElement.prototype, "srcObject", {
    ...source,
    set(stream) {
      source.set.call(this, stream);
      if (stream && this instanceof HTMLVideoElement) watch(this);
    },
  });

  // The program's memory, for whoever asks how large it has become.
  const memories = new Set();
  for (const name of ["instantiate", "instantiateStreaming"]) {
    const native = WebAssembly[name];
    WebAssembly[name] = async function (...args) {
      const made = await native.apply(this, args);
      for (const part of Object.values((made.instance ?? made).exports)) {
        if (part instanceof WebAssembly.Memory) memories.add(part);
      }
      return made;
    };
  }
  // Lets go of what is over, so that only the page itself may keep it.
  const forget = () => {
    const drop = (list, over) => list.splice(0, list.length, ...list.filter((entry) => !over(entry)));
    drop(peers, (peer) => peer.signalingState === "closed");
    drop(channels, (channel) => channel.readyState === "closed");
    drop(tracks, (track) => track.readyState === "ended");
    for (const list of [captures, notes, notices]) list.length = 0;
    remoteTracks.clear();
    return { peers: peers.length, tracks: tracks.length };
  };
  const program = () => [...memories].reduce((sum, memory) => sum + memory.buffer.byteLength, 0);

  window.__harness = {
    peers,
    channels,
    stats: () => Promise.all(peers.map(sample)),
    rawStats: () => Promise.all(peers.map(raw)),
    tracks: () => tracks.map((t) => ({ kind: t.kind, label: t.label, state: t.readyState, enabled: t.enabled })),
    captures: () => captures,
    awake: () => awake.size,
    online: () => [...heard].some((socket) => socket.readyState === 1),
    screenWidth: () => screen?.getSettings().width ?? drawn,
    // For a browser without a desktop, which finds no screen to show: a drawn one that changes.
    drawScreen: (width, height) => {
      const canvas = Object.assign(document.createElement("canvas"), { width, height });
      const pen = canvas.getContext("2d");
      let turn = 0;
      const draw = () => {
        pen.fillStyle = `hsl(${(turn += 7) % 360} 60% 50%)`;
        pen.fillRect(0, 0, width, height);
      };
      MediaDevices.prototype.getDisplayMedia = async () => {
        draw();
        const stream = canvas.captureStream(10);
        [screen] = stream.getVideoTracks();
        const ticks = setInterval(() => (screen.readyState === "live" ? draw() : clearInterval(ticks)), 100);
        stream.getTracks().forEach(keep);
        drawn = width;
        return stream;
      };
    },
    pullOut: (kind) => {
      const track = tracks.findLast((t) => t.kind === kind && t.readyState === "live");
      const { deviceId } = track.getSettings();
      gone.add(deviceId);
      for (const lost of tracks.filter((t) => t.getSettings().deviceId === deviceId)) {
        lost.stop();
        lost.dispatchEvent(new Event("ended"));
      }
      navigator.mediaDevices.dispatchEvent(new Event("devicechange"));
    },
    hide: (label) => hidden.add(label),
    plugIn: () => {
      gone.clear();
      navigator.mediaDevices.dispatchEvent(new Event("devicechange"));
    },
    // What the browser's own bar does: the track is over, and its page hears of it.
    endScreen: () => {
      screen.stop();
      screen.dispatchEvent(new Event("ended"));
    },
    notes: () => notes,
    notices: () => notices.map(({ title, state }) => ({ title, state })),
    clickNotice: () => notices.at(-1).click(),
    shown: () => ({ ...shown }),
    drain: () => log.splice(0),
    forget,
    program,
  };
})();
