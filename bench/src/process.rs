//! Server processes under load: starts them, reads their memory and processor time, and kills them on drop.

use anyhow::{Context, Result, bail};
use nix::unistd::{SysconfVar, sysconf};
use std::{
    fs,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use tempfile::TempDir;

use crate::Programs;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Parley,
    SocketIo,
    /// The socket.io relay with a database: it writes every step of a call to SQLite before it announces it.
    SocketIoWithDb,
    Ws,
}

impl Kind {
    pub const ALL: [Self; 4] = [Self::Parley, Self::SocketIo, Self::SocketIoWithDb, Self::Ws];

    pub fn name(self) -> &'static str {
        match self {
            Self::Parley => "parley",
            Self::SocketIo => "socket.io",
            Self::SocketIoWithDb => "s.io+db",
            Self::Ws => "ws",
        }
    }
}

/// A running server that listens on the loopback interface, with a temporary folder of its own.
pub struct Server {
    pub kind: Kind,
    pub addr: SocketAddr,
    child: Child,
    folder: TempDir,
}

/// Time within which a server must listen.
const START_WITHIN: Duration = Duration::from_secs(20);

impl Server {
    pub fn start(kind: Kind, programs: &Programs) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let mut command = match kind {
            Kind::Parley => parley(programs, &folder),
            Kind::SocketIo => node(programs, "socket.io.mjs"),
            Kind::SocketIoWithDb => {
                let mut command = node(programs, "socket.io.mjs");
                command.arg(folder.path().join("calls.db"));
                command
            }
            Kind::Ws => node(programs, "ws.mjs"),
        };
        let out = folder.path().join("out");
        let err = fs::File::create(folder.path().join("err"))?;
        let child = command
            .stdin(Stdio::null())
            .stdout(fs::File::create(&out)?)
            .stderr(err)
            .spawn()
            .with_context(|| format!("cannot start {}", command.get_program().display()))?;
        let unknown = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let mut server = Self { kind, addr: unknown, child, folder };
        let port = server.announced(&out)?;
        server.addr.set_port(port);
        Ok(server)
    }

    /// Waits for the line `listening…` in the server's output and returns the port that it names.
    fn announced(&mut self, out: &Path) -> Result<u16> {
        let until = Instant::now() + START_WITHIN;
        while Instant::now() < until {
            if let Some(line) = fs::read_to_string(out)?.lines().find(|line| line.starts_with("listening")) {
                let port = line.rsplit([':', ' ']).next().unwrap_or_default();
                return port.parse().with_context(|| line.to_owned());
            }
            if let Some(status) = self.child.try_wait()? {
                bail!("{} ended with {status}: {}", self.kind.name(), self.stderr());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        bail!("{} does not listen: {}", self.kind.name(), self.stderr())
    }

    /// Returns the text that the server has written to its standard error.
    pub fn stderr(&self) -> String {
        fs::read_to_string(self.folder.path().join("err")).unwrap_or_default()
    }

    /// Returns the server's resident memory in bytes.
    pub fn memory(&self) -> Result<u64> {
        let status = fs::read_to_string(self.proc("status"))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        let kilobytes: u64 = line.trim().trim_end_matches(" kB").parse()?;
        Ok(kilobytes * 1_024)
    }

    /// Returns the processor time that the server has used in seconds, over all threads and ended children.
    pub fn cpu(&self) -> Result<f64> {
        cpu(&self.proc("stat"))
    }

    fn proc(&self, file: &str) -> PathBuf {
        PathBuf::from(format!("/proc/{}/{file}", self.child.id()))
    }
}

/// Returns the processor time that this process has used, in seconds.
pub fn own_cpu() -> Result<f64> {
    cpu("/proc/self/stat".as_ref())
}

fn cpu(stat: &Path) -> Result<f64> {
    let stat = fs::read_to_string(stat)?;
    // The line is "pid (name) state ppid …". The name may contain spaces and parentheses, so the fields are
    // counted from its last parenthesis on: 11 to 14 are utime, stime, cutime and cstime.
    let (_, rest) = stat.rsplit_once(')').context("no name")?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    let ticks = fields.get(11..15).context("too few fields")?;
    let ticks: f64 = ticks.iter().map(|text| text.parse().unwrap_or(0.0)).sum();
    let a_second = sysconf(SysconfVar::CLK_TCK)?.unwrap_or(100);
    Ok(ticks / f64::from(i32::try_from(a_second)?))
}

impl Drop for Server {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

/// Returns the command for Parley with its defaults but for the rate limits, which are raised because one
/// machine plays thousands of people.
fn parley(programs: &Programs, folder: &TempDir) -> Command {
    let mut command = Command::new(&programs.server);
    command.args(["--port", "0", "--log", "warn", "--data"]).arg(folder.path().join("data"));
    let limits =
        ["call-starts", "sign-ins", "invitations", "user-sockets", "address-sockets", "frames", "changes"];
    for limit in limits {
        command.args([&format!("--limit-{limit}"), "1000000/1"]);
    }
    command.args(["--connections-per-address", "1000000"]);
    command
}

fn node(programs: &Programs, script: &str) -> Command {
    let mut command = Command::new(&programs.node);
    command.arg(programs.peers.join(script)).env("NODE_ENV", "production");
    command
}
