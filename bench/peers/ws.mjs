// A relay on plain ws: a map from users to their sockets, JSON frames.
import { createServer } from "node:http";
import { WebSocketServer } from "ws";
import { calls, STEPS } from "./calls.mjs";

const http = createServer();
const server = new WebSocketServer({ server: http });
const sockets = new Map();
const step = calls((user, type, message) => {
  const text = JSON.stringify({ type, ...message });
  for (const socket of sockets.get(user) ?? []) socket.send(text);
});

function join(user, socket) {
  const all = sockets.get(user) ?? new Set();
  sockets.set(user, all.add(socket));
  socket.on("close", () => {
    all.delete(socket);
    if (all.size === 0) sockets.delete(user);
  });
}

server.on("connection", (socket) => {
  let user;
  socket.on("message", (data) => {
    const { type, id, ...message } = JSON.parse(data);
    let answered = {};
    if (type === "hello") {
      user = message.user;
      join(user, socket);
    } else if (user && STEPS.includes(type)) {
      answered = step(user, type, message);
    }
    if (id !== undefined) socket.send(JSON.stringify({ type: "answer", id, ...answered }));
  });
});

http.listen(0, "127.0.0.1", 4096, () => console.log(`listening on ${http.address().port}`));
