// When each step of a call's set-up begins and ends, for whoever asks where the time goes. Times are of the machine's
// clock, so that those of two pages can be laid side by side.
(() => {
  if (window.__marks) return;
  const marks = [];
  window.__marks = marks;
  const mark = (what) => marks.push({ what, at: performance.timeOrigin + performance.now() });
  const span = (owner, name, called = () => name) => {
    const native = owner?.[name];
    if (!native) return;
    owner[name] = function (...args) {
      const what = called.apply(this, args);
      mark(`${what} begins`);
      const promise = native.apply(this, args);
      promise.then(() => mark(`${what} done`), () => {});
      return promise;
    };
  };
  const watched = new WeakSet();
  const watch = (peer) => {
    if (watched.has(peer)) return;
    watched.add(peer);
    peer.addEventListener("iceconnectionstatechange", () => mark(`ice ${peer.iceConnectionState}`));
    peer.addEventListener("connectionstatechange", () => mark(`peer ${peer.connectionState}`));
    peer.addEventListener("track", ({ track }) => mark(`track ${track.kind}`));
  };
  const peers = window.RTCPeerConnection?.prototype;
  span(peers, "setLocalDescription", function () {
    watch(this);
    return `local ${this.signalingState === "have-remote-offer" ? "answer" : "offer"}`;
  });
  span(peers, "setRemoteDescription", function ({ type }) {
    watch(this);
    return `remote ${type}`;
  });
  span(window.MediaDevices?.prototype, "getUserMedia");
  span(window.RTCRtpSender?.prototype, "replaceTrack", (track) => `replaceTrack ${track?.kind}`);
  const fetches = window.fetch;
  window.fetch = function (what, ...rest) {
    const { pathname } = new URL(what.url ?? what, location.href);
    const step = pathname.split("/").pop();
    mark(`${step} asked`);
    const answer = fetches.call(this, what, ...rest);
    answer.then(() => mark(`${step} answered`), () => {});
    return answer;
  };
  addEventListener("click", () => mark("click"), true);
})();
