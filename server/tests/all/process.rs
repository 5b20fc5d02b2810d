//! The program itself: the line that it prints, and how it stops.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

struct Running {
    child: Child,
    address: String,
    _data: tempfile::TempDir,
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have stopped already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn start() -> Running {
    let data = tempfile::tempdir().unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_parley-server"))
        .args(["--port", "0", "--data"])
        .arg(data.path())
        .env("PARLEY_RING_MS", "1500")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().strip_prefix("listening on http://").expect(&line).to_owned();
    Running { child, address, _data: data }
}

fn ask(address: &str, request: &str) -> (TcpStream, String) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = vec![0; 16 * 1024];
    let length = stream.read(&mut answer).unwrap();
    let text = String::from_utf8_lossy(&answer[..length]).into_owned();
    (stream, text)
}

#[test]
fn says_where_it_listens_and_stops_within_two_seconds() {
    let mut server = start();
    let (_, config) = ask(&server.address, "GET /api/config HTTP/1.1\r\nhost: x\r\n\r\n");
    assert!(config.contains("\"ring_seconds\":2"), "{config}");
    let body = r#"{"display_name":"Ana"}"#;
    let sign_in = format!(
        "POST /api/auth/guest HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let (_, signed) = ask(&server.address, &sign_in);
    let token = signed.split("\"token\":\"").nth(1).unwrap().split('"').next().unwrap();
    let upgrade = format!(
        "GET /api/ws HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\nconnection: upgrade\r\n\
         upgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    );
    let (mut socket, switched) = ask(&server.address, &upgrade);
    assert!(switched.starts_with("HTTP/1.1 101"), "{switched}");

    let told = Instant::now();
    let pid = server.child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    let mut rest = Vec::new();
    socket.read_to_end(&mut rest).unwrap();
    assert_eq!(rest, [0x88, 2, 0x03, 0xf4], "a close frame with 1012");
    assert!(server.child.wait().unwrap().success());
    assert!(told.elapsed() < Duration::from_secs(2), "{:?}", told.elapsed());
    let mut more = String::new();
    server.child.stdout.take().unwrap().read_to_string(&mut more).unwrap();
    assert_eq!(more, "", "one line, no more");
}

#[test]
fn help_and_mistakes_are_told_apart() {
    let run = |args: &[&str]| Command::new(env!("CARGO_BIN_EXE_parley-server")).args(args).output().unwrap();
    let help = run(&["--help"]);
    assert!(help.status.success() && String::from_utf8_lossy(&help.stdout).contains("PARLEY_RING_MS"));
    let wrong = run(&["--ring-seconds", "5"]);
    assert!(!wrong.status.success());
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("10 to 120"));
}
