// A relay on socket.io: a room per user, requests answered by acknowledgements. With a file, it keeps its calls there.
import { createServer } from "node:http";
import { Server } from "socket.io";
import { calls, STEPS } from "./calls.mjs";

const http = createServer();
const io = new Server(http, { transports: ["websocket"], serveClient: false });
const file = process.argv[2];
// Only then: the plain relay does not carry the library.
const keep = file && (await import("./sqlite_store.mjs")).keepIn(file);
const step = calls((user, type, message) => io.to(user).emit(type, message), keep);

io.on("connection", (socket) => {
  socket.once("hello", (hello, answer) => {
    const user = hello.user;
    socket.join(user);
    for (const type of STEPS) {
      socket.on(type, (message, answer) => {
        const answered = step(user, type, message);
        if (answer) answer(answered);
      });
    }
    answer({});
  });
});

http.listen(0, "127.0.0.1", 4096, () => console.log(`listening on ${http.address().port}`));
