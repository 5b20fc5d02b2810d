//! Server programs that the tests start, and that end with this process, however it ends.

use std::{
    os::unix::process::CommandExt,
    process::{Command, Stdio},
};

/// Returns a command that runs the server below a shell. The shell waits for its own input to end, which
/// happens when this process ends; it then stops the server by its id and runs `then`.
pub fn kept(server: &Command, signal: &str, then: &str) -> Command {
    let mut keeper = Command::new("sh");
    let script = format!(r#""$@" & server=$!; cat >/dev/null; kill -{signal} $server; wait $server; {then}"#);
    keeper
        .args(["-c", &script, "keeper"])
        .arg(server.get_program())
        .args(server.get_args())
        .current_dir("/")
        .stdin(Stdio::piped())
        .stderr(Stdio::null())
        .stdout(Stdio::null())
        .process_group(0);
    keeper
}
