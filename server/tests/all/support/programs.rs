//! Server programs that the tests start, and that are gone when this process is, however it ends.

use std::{
    os::unix::process::CommandExt,
    process::{Command, Stdio},
};

/// Runs the server below a shell that waits for its own input to end. That happens when this process ends; the
/// shell then stops the server by its id, and does what is left to do.
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
